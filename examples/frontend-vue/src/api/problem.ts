import type { Missing } from "../session/permissions.ts";

/** The kinds of failure. A user reacts to each of them differently. */
export type ProblemKind =
  | "unreachable"
  | "sign-in unavailable"
  | "session ended"
  | "token rejected"
  | "forbidden"
  | "rate limited"
  | "invalid"
  | "unexpected";

/** A failed call to the API. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly kind: ProblemKind;
  /** Seconds to wait, if the API asks for it (RFC 9110, section 10.2.3). */
  readonly retryAfter: number | undefined;
  /** Messages about fields of the body, by the field's name. */
  readonly fields: ReadonlyMap<string, string>;
  /** What the API misses, if the kind is `forbidden`. */
  readonly missing: Missing;

  constructor(
    kind: ProblemKind,
    detail = "",
    more: Partial<Pick<ApiProblem, "retryAfter" | "fields" | "missing">> = {},
  ) {
    super(detail);
    this.kind = kind;
    this.retryAfter = more.retryAfter;
    this.fields = more.fields ?? new Map();
    this.missing = more.missing ?? "scope";
  }
}

/** The problem in an answer, with its problem details (RFC 9457) if it has any. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const body = await jsonOf(answer);
  const detail = text(body.detail) ?? text(body.title) ?? "";
  return new ApiProblem(kindOf(answer.status), detail, {
    retryAfter: secondsOf(answer.headers.get("Retry-After")),
    fields: fieldsOf(body.errors),
    // An API without roles names nothing: only the scope can be missing there (RFC 6750, section 3.1).
    missing: body.missing === "role" ? "role" : "scope",
  });
}

function kindOf(status: number): ProblemKind {
  if (status === 401) return "token rejected";
  if (status === 403) return "forbidden";
  if (status === 429) return "rate limited";
  if (status === 400 || status === 422) return "invalid";
  return status >= 502 && status <= 504 ? "unreachable" : "unexpected";
}

/** Messages from `errors` (RFC 9457, section 3): each has a `detail` and a `pointer` into the body. */
function fieldsOf(errors: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  for (const error of Array.isArray(errors) ? errors.filter(isObject) : []) {
    const field = text(error.pointer)?.replace(/^#?\//, "");
    const detail = text(error.detail);
    if (field !== undefined && detail !== undefined && !fields.has(field))
      fields.set(field, detail);
  }
  return fields;
}

function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}

async function jsonOf(answer: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await answer.json();
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
