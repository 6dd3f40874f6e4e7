import { holdsPrivateKey } from "../../text/private-keys.ts";
import {
  deepest,
  isNewKey,
  plainKey,
  type PlainMapping,
  type PlainYaml,
  plainValueOf,
} from "./plain-values.ts";

/**
 * Reads YAML of the kind that most files consist of: mappings in blocks, texts and flow collections on one line, comments. The reader that
 * locates errors takes ten times longer. This one refuses every text that is not certainly valid, or that might have another value there.
 *
 * @returns undefined if it refuses the text
 */
export function readPlain(text: string): PlainYaml | undefined {
  if (unusual.test(text) || holdsPrivateKey(text)) return undefined;
  const reader = new PlainReader();
  return text.split("\n").every((line) => reader.accepts(line)) ? reader.root : undefined;
}

/** Characters that YAML treats specially: tabs, carriage returns and other control characters, byte order marks, other line separators. */
const unusual = /[^\n\P{Cc}]|[\uFEFF\u2028\u2029\p{Cs}]/u;

/** An item of a list or a field of a mapping, and its value. */
const entry = new RegExp(`^(?:-|(${plainKey}):)(?: +(.*))?$`);

/** A collection in a block, and the column of its entries. */
interface Block {
  readonly indentation: number;
  readonly collection: PlainYaml[] | PlainMapping;
}

class PlainReader {
  /** The value of the document; undefined if it is not complete. */
  get root(): PlainYaml | undefined {
    return this.opened ? undefined : this.blocks[0]?.collection;
  }

  /** The blocks that the next line may continue, the innermost last. */
  private readonly blocks: Block[] = [];
  /** Adds the block that the next line has to begin. */
  private opened: ((collection: Block["collection"]) => boolean) | undefined = () => true;

  /** Reads a line. @returns whether it is plain */
  accepts(line: string): boolean {
    const indentation = line.search(/[^ ]|$/);
    const content = line.slice(indentation);
    if (content === "" || content.startsWith("#")) return true;
    const [isEntry, name, value = ""] = entry.exec(content) ?? [];
    if (isEntry === undefined) return false;
    const collection = this.collectionAt(indentation, name === undefined);
    if (!collection) return false;
    if (name !== undefined && (value === "" || value.startsWith("#"))) {
      this.opened = (opened) => add(collection, name, opened);
      return true;
    }
    const found = plainValueOf(value);
    return found !== undefined && add(collection, name, found);
  }

  /** The collection that an entry at a column belongs to; undefined if there is none of its kind. */
  private collectionAt(indentation: number, isItem: boolean): Block["collection"] | undefined {
    const { blocks, opened } = this;
    if (opened) {
      const outer = blocks.at(-1)?.indentation;
      const isInside = outer === undefined ? indentation === 0 && !isItem : indentation > outer;
      const collection = isItem ? [] : {};
      if (!isInside || blocks.length > deepest || !opened(collection)) return undefined;
      this.opened = undefined;
      blocks.push({ indentation, collection });
      return collection;
    }
    while ((blocks.at(-1)?.indentation ?? -1) > indentation) blocks.pop();
    const block = blocks.at(-1);
    const fits = block?.indentation === indentation && Array.isArray(block.collection) === isItem;
    return fits ? block.collection : undefined;
  }
}

/** Adds a value, unless there is one with the name already. @returns whether it was added */
function add(collection: Block["collection"], name: string | undefined, value: PlainYaml): boolean {
  if (Array.isArray(collection)) return collection.push(value) > 0;
  if (name === undefined || !isNewKey(collection, name)) return false;
  collection[name] = value;
  return true;
}
