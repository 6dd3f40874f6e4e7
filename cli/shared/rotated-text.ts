import { instantText } from "../../text/instant.ts";

/** What a rotation has done to a customer's secrets, without the secrets. @param end see Rotated */
export function rotatedText(id: string, end: number | undefined): string {
  const old =
    end === undefined ? "the old one has ended" : `the old one works until ${instantText(end)}`;
  return `${id} has a new secret, which npm run credentials -- ${id} shows; ${old}`;
}
