/** A kind of file that results are written as. */
export interface ResultFormat {
  /** What it is called in the help. */
  readonly title: string;
  /** The endings of its files' names. */
  readonly endings: readonly string[];
  /**
   * Write results.
   *
   * @param path A file that is not there yet.
   * @param results A line of JSON each, without its end.
   */
  write(path: string, results: AsyncIterable<string>): Promise<void>;
}

const encoder = new TextEncoder();

/** Lines as the bytes of a file, many at a time. */
export async function* bytesOf(results: AsyncIterable<string>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let [lines, length] = [[] as string[], 0];
  for await (const line of results) {
    lines.push(line, "\n");
    length += line.length;
    if (length < 2 ** 18) continue;
    yield encoder.encode(lines.join(""));
    [lines, length] = [[], 0];
  }
  yield encoder.encode(lines.join(""));
}
