import { OutputError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { writeError } from "../../platform/write.ts";
import { UsageError } from "../usage_error.ts";
import { readLines } from "./lines.ts";
import type { RecordName } from "./record.ts";

/** No line that a journal holds is too long for it. */
const anyLength = Infinity;

/** What is read of a result that was written before. */
interface WrittenResult extends RecordName {
  readonly error?: { readonly retry: boolean } | undefined;
}

/** What a journal held when it was taken up: the records that are done, and the lines of those to be done again. */
interface Written {
  readonly done: Set<string>;
  readonly again: Set<number>;
}

const newline = 0x0a;
const encoder = new TextEncoder();

function keyOf({ line, id }: RecordName): string {
  return `${line} ${JSON.stringify(id)}`;
}

/** The results of a run so far: a line each, written as they come, in a file that only one process has at a time. */
export class Journal {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #written: Written;

  private constructor(path: string, file: Deno.FsFile, written: Written) {
    this.#path = path;
    this.#file = file;
    this.#written = written;
  }

  /**
   * Begin a journal, or go on with one.
   *
   * @param path Where it is.
   * @param settings What a run must have in common with the one that it goes on with.
   * @param isResumed Whether to go on: what failed in a way that a retry may mend is forgotten, and so is half a last line.
   * @throws {OutputError} If it cannot be written, or another process has it.
   * @throws {UsageError} If it is one of another run.
   */
  static async begin(path: string, settings: string, isResumed: boolean): Promise<Journal> {
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path, { read: true, write: true, create: true });
      if (!await file.tryLock(true)) {
        throw new OutputError(`Cannot write ${quote(path)}: another process is writing it`);
      }
      const header = JSON.stringify({ journal: 1, settings });
      const written: Written = { done: new Set(), again: new Set() };
      if (isResumed) await takeUp(path, file, header, written);
      else await restart(file, header);
      return new Journal(path, file, written);
    } catch (error) {
      file?.close();
      throw error instanceof UsageError ? error : writeError(error, path);
    }
  }

  /** How many results it held when it was begun. */
  get size(): number {
    return this.#written.done.size;
  }

  /** Whether there is a result of a record. */
  has(record: RecordName): boolean {
    return this.#written.done.has(keyOf(record));
  }

  /** @throws {OutputError} If it cannot be written. */
  async add(line: string): Promise<void> {
    try {
      await write(this.#file, `${line}\n`);
    } catch (error) {
      throw writeError(error, this.#path);
    }
  }

  /** All results, in the order that they came in, but for what failed before and was done again. */
  async *results(): AsyncGenerator<string, void, undefined> {
    using file = await Deno.open(this.#path);
    const lines = readLines(file.readable, anyLength);
    await lines.next(); // the header
    for await (const { number, text } of lines) if (!this.#written.again.has(number)) yield text!;
  }

  /** Close it; what it holds stays. */
  close(): void {
    this.#file.close();
  }

  /** Remove it, while it is still open, so that nobody goes on with it: it is no longer needed. */
  async remove(): Promise<void> {
    await Deno.remove(this.#path).catch(() => {});
  }
}

async function write(file: Deno.FsFile, text: string): Promise<void> {
  for (let rest = encoder.encode(text); rest.length > 0;) rest = rest.subarray(await file.write(rest));
}

async function restart(file: Deno.FsFile, header: string): Promise<void> {
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  await write(file, `${header}\n`);
}

/** How much is looked through at once, in bytes. */
const blockSize = 2 ** 16;

/** Cut off what follows the last end of a line. */
async function dropHalfLine(file: Deno.FsFile): Promise<void> {
  const block = new Uint8Array(blockSize);
  let { size: end } = await file.stat();
  while (end > 0) {
    const from = Math.max(end - blockSize, 0);
    await file.seek(from, Deno.SeekMode.Start);
    const count = await file.read(block.subarray(0, end - from)) ?? 0;
    const last = block.subarray(0, count).lastIndexOf(newline);
    if (last >= 0) return await file.truncate(from + last + 1);
    end = from;
  }
  await file.truncate(0);
}

/** Read what there is: the records that are done, and the lines of those that are to be done again. */
async function takeUp(path: string, file: Deno.FsFile, header: string, written: Written): Promise<void> {
  await dropHalfLine(file);
  using reader = await Deno.open(path);
  const lines = readLines(reader.readable, anyLength);
  const { value: first } = await lines.next();
  if (first === undefined) return await restart(file, header);
  if (first.text !== header) {
    throw new UsageError(
      `Cannot resume ${quote(path)}: it is of other photos or options: leave --resume out to begin anew`,
    );
  }
  for await (const { number, text } of lines) {
    const result: WrittenResult = JSON.parse(text!);
    if (result.error?.retry) written.again.add(number);
    else written.done.add(keyOf(result));
  }
  await file.seek(0, Deno.SeekMode.End);
}
