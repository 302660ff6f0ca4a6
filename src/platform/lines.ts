/** A line of a stream. */
export interface Line {
  /** Which it is, from 1; empty ones are counted and not given. */
  readonly number: number;
  /** What it says, without its end; `undefined` where it is longer than a line may be. */
  readonly text: string | undefined;
  /** How long it is, in bytes. */
  readonly bytes: number;
}

const newline = 0x0a;

/** A line while its parts arrive. Of one that is too long nothing is kept. */
class GrowingLine {
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /** @param longest How many bytes it may have. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#longest) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** The whole line; another may begin. */
  take(number: number): Line | undefined {
    const [parts, bytes] = [this.#parts, this.#bytes];
    this.#parts = [];
    this.#bytes = 0;
    if (bytes > this.#longest) return { number, text: undefined, bytes };
    const decoder = new TextDecoder(); // drops the mark that some editors begin a file with
    const text = parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
    return text.trim() === "" ? undefined : { number, text: text.replace(/\r$/, ""), bytes };
  }
}

/**
 * The lines of a stream, as they come. The last need not end.
 *
 * @param stream UTF-8.
 * @param longest How many bytes a line may have: of a longer one nothing is kept.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  longest: number,
): AsyncGenerator<Line, void, undefined> {
  const growing = new GrowingLine(longest);
  let number = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      growing.add(chunk.subarray(from, end));
      from = end + 1;
      const line = growing.take(++number);
      if (line) yield line;
    }
    growing.add(chunk.subarray(from));
  }
  const last = growing.isEmpty ? undefined : growing.take(number + 1);
  if (last) yield last;
}
