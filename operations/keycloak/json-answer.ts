/** The JSON object in an answer; undefined if there is none, as in that of a proxy. */
export async function jsonAnswer(
  response: Response,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === "object" && answer !== null
      ? (answer as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
