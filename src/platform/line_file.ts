import { OutputError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { pathOf } from "./files.ts";
import { readLines } from "./lines.ts";
import { writeError } from "./write.ts";

const newline = 0x0a;
const encoder = new TextEncoder();

/** How much is looked through at once, in bytes. */
const blockSize = 2 ** 16;

/** Options of {@linkcode LineFile.open}. */
export interface LineFileOptions {
  /** Whether what it holds is thrown away. */
  readonly anew?: boolean;
  /**
   * Whether each line is on the disk when it has been added, so that it survives that the machine stops; else it survives that
   * the process does.
   * @default {true}
   */
  readonly sync?: boolean;
}

/**
 * A file of lines that only grows, which one process has at a time. A last line that was cut, since its process was killed, is
 * taken away when the file is opened.
 */
export class LineFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #sync: boolean;

  private constructor(path: string, file: Deno.FsFile, sync: boolean) {
    this.#path = path;
    this.#file = file;
    this.#sync = sync;
  }

  /**
   * Open a file, or make it.
   *
   * @throws {OutputError} If it cannot be written, or another process has opened it likewise.
   */
  static async open(
    place: string | URL,
    { anew = false, sync = true }: LineFileOptions = {},
  ): Promise<LineFile> {
    const path = pathOf(place);
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path, { read: true, write: true, create: true });
      if (!await file.tryLock(true)) {
        throw new OutputError(`Cannot write ${quote(path)}: another run writes to it`);
      }
      const end = anew ? 0 : await endOfLines(file);
      await file.truncate(end);
      await file.seek(end, Deno.SeekMode.Start);
      return new LineFile(path, file, sync);
    } catch (error) {
      file?.close();
      throw writeError(error, path);
    }
  }

  /** The lines that it holds, read as they are asked for. */
  async *lines(): AsyncGenerator<string, void, undefined> {
    using file = await Deno.open(this.#path);
    for await (const { text } of readLines(file.readable, Infinity)) yield text!;
  }

  /**
   * Add a line.
   *
   * @throws {OutputError} If it cannot be written.
   */
  async add(line: string): Promise<void> {
    const bytes = encoder.encode(`${line}\n`);
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
      if (this.#sync) await this.#file.syncData();
    } catch (error) {
      throw writeError(error, this.#path);
    }
  }

  /** Remove it while it is open, so that nobody goes on with it. */
  async remove(): Promise<void> {
    await Deno.remove(this.#path).catch(() => {});
  }

  /** Let others open it. */
  close(): void {
    this.#file.close();
  }
}

/** Where the last line that is whole ends. */
async function endOfLines(file: Deno.FsFile): Promise<number> {
  const block = new Uint8Array(blockSize);
  let { size: end } = await file.stat();
  while (end > 0) {
    const from = Math.max(end - blockSize, 0);
    await file.seek(from, Deno.SeekMode.Start);
    const count = await file.read(block.subarray(0, end - from)) ?? 0;
    const last = block.subarray(0, count).lastIndexOf(newline);
    if (last >= 0) return from + last + 1;
    end = from;
  }
  return 0;
}
