/** Value of a YAML text that is plain. */
export type PlainYaml = string | number | boolean | PlainYaml[] | PlainMapping;

/** Mapping of a YAML text that is plain. */
export interface PlainMapping {
  [key: string]: PlainYaml;
}

/** Pattern of a key without quotes. */
export const plainKey = "[A-Za-z][A-Za-z0-9._-]{0,99}";
const field = new RegExp(` *(${plainKey}): +`, "y");

const inQuotes = `"[^"\\\\]*"|'[^']*'`;
/** Text without quotes, of characters that mean nothing in YAML at their place. */
const unquoted = (character: string) =>
  `(?:[A-Za-z0-9]|[^\\0-\\x7f])(?:${character})*(?: +(?:${character})+)*`;
const inFlow = String.raw`[A-Za-z0-9_./@+&'()=;$%!*~-]|[^\0-\x7f]|:(?=[A-Za-z0-9/])`;
const scalarInFlow = new RegExp(` *(?:(${inQuotes})|(${unquoted(inFlow)}))`, "uy");
const rest = "(?: +#.*)? *$";
const scalar = new RegExp(`^(?:(${inQuotes})|(${unquoted(`${inFlow}|,`)}))${rest}`, "u");
const end = new RegExp(rest, "y");

/** Most levels of nesting. */
export const deepest = 20;

/** Whether a mapping does not have a key yet. With the key of a JWK, it needs the check that the JWK is a public one. */
export function isNewKey(mapping: PlainMapping, name: string): boolean {
  return name !== "kty" && !Object.hasOwn(mapping, name);
}

/** The value that a line ends with, before a comment. @returns undefined if it is not plain */
export function plainValueOf(text: string): PlainYaml | undefined {
  if (!/^[[{]/.test(text)) return scalarIn(scalar.exec(text));
  const flow = new Flow(text);
  const value = flow.value();
  return flow.isAtEnd() ? value : undefined;
}

function scalarIn(match: RegExpExecArray | null): PlainYaml | undefined {
  const [, withQuotes, withoutQuotes] = match ?? [];
  return withQuotes === undefined ? resolved(withoutQuotes) : withQuotes.slice(1, -1);
}

/** The value of text without quotes: a truth value, a simple number or text. What may be another number or null is refused. */
function resolved(text: string | undefined): PlainYaml | undefined {
  if (text === undefined || /^(?:null|true|false)$/i.test(text))
    return text === "true" || text === "false" ? text === "true" : undefined;
  if (!/^\d/.test(text)) return text;
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  return /^\d{4}-\d\d-\d\d$|[g-nq-wyz@ ]/i.test(text) ? text : undefined;
}

/** Flow collections in a text on one line. */
class Flow {
  private position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Reads a value. @returns undefined if it is not plain */
  value(depth = 0): PlainYaml | undefined {
    if (depth > deepest) return undefined;
    if (this.take(/ *\[ */y)) return this.list(depth);
    if (this.take(/ *\{ */y)) return this.mapping(depth);
    return scalarIn(this.take(scalarInFlow));
  }

  isAtEnd(): boolean {
    return this.take(end) !== null;
  }

  private list(depth: number): PlainYaml[] | undefined {
    const items: PlainYaml[] = [];
    if (this.take(/\]/y)) return items;
    do {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.take(/ *,/y));
    return this.take(/ *\]/y) ? items : undefined;
  }

  private mapping(depth: number): PlainMapping | undefined {
    const fields: PlainMapping = {};
    if (this.take(/\}/y)) return fields;
    do {
      const name = this.take(field)?.[1];
      if (name === undefined || !isNewKey(fields, name)) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      fields[name] = value;
    } while (this.take(/ *,/y));
    return this.take(/ *\}/y) ? fields : undefined;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match) this.position = pattern.lastIndex;
    return match;
  }
}
