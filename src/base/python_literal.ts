/** A value of Python's: texts, numbers, yes and no, nothing, lists and tuples as lists, dictionaries by texts of their keys. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

/** The deepest that lists and dictionaries may lie in each other. */
const maxDepth = 8;

/** What stands in texts behind a backslash. */
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** Names that stand for values. */
const names: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

/** A piece of a literal: white space, a text, a number, a name or a mark. */
const piece =
  /\s*(?:([rub]?)('(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*")|([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)|([A-Za-z_]\w*)|([[\](){}:,]))\s*/iy;

/** How lists end. */
const ends: Readonly<Record<string, string>> = { "[": "]", "(": ")" };

/** What is inside a text in quotation marks. */
function unquoted(text: string): string {
  return text.slice(1, -1).replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([^]))/gi,
    (all, hex: string | undefined, unicode: string | undefined, one: string | undefined) => {
      const code = hex ?? unicode;
      return code ? String.fromCharCode(parseInt(code, 16)) : escapes[one!] ?? all;
    },
  );
}

/** Reads a literal from its beginning to its end. */
class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws {SyntaxError} If it is no literal. */
  readAll(): PythonValue {
    const value = this.#read(0);
    if (this.#at < this.#text.length) throw this.#damaged();
    return value;
  }

  #damaged(): SyntaxError {
    return new SyntaxError(`It is no literal of Python's at character ${this.#at}`);
  }

  /** The next piece; an empty one at the end. */
  #next(): RegExpExecArray {
    piece.lastIndex = this.#at;
    const found = piece.exec(this.#text);
    if (!found) throw this.#damaged();
    this.#at = piece.lastIndex;
    return found;
  }

  /** Whether a mark comes next, which is passed over then. */
  #skip(mark: string): boolean {
    const at = this.#at;
    if (at < this.#text.length && this.#next()[5] === mark) return true;
    this.#at = at;
    return false;
  }

  #read(depth: number): PythonValue {
    if (depth > maxDepth) throw this.#damaged();
    const [, , text, number, name, mark] = this.#next();
    if (text !== undefined) return unquoted(text);
    if (number !== undefined) return Number(number);
    if (name !== undefined && Object.hasOwn(names, name)) return names[name]!;
    if (mark === "{") return this.#dictionary(depth);
    if (mark !== undefined && Object.hasOwn(ends, mark)) return this.#list(ends[mark]!, depth);
    throw this.#damaged();
  }

  #list(end: string, depth: number): PythonValue[] {
    const values: PythonValue[] = [];
    while (!this.#skip(end)) {
      values.push(this.#read(depth + 1));
      if (this.#skip(",")) continue;
      if (this.#skip(end)) break;
      throw this.#damaged();
    }
    return values;
  }

  #dictionary(depth: number): Map<string, PythonValue> {
    const values = new Map<string, PythonValue>();
    while (!this.#skip("}")) {
      const key = this.#read(depth + 1);
      if (!this.#skip(":") || (typeof key !== "string" && typeof key !== "number")) throw this.#damaged();
      values.set(String(key), this.#read(depth + 1));
      if (this.#skip(",")) continue;
      if (this.#skip("}")) break;
      throw this.#damaged();
    }
    return values;
  }
}

/**
 * The value that a text of Python's stands for, as `repr()` writes it.
 *
 * @throws {SyntaxError} If it is none, or nested deeper than eight.
 */
export function parsePythonLiteral(text: string): PythonValue {
  return new LiteralReader(text.trim()).readAll();
}
