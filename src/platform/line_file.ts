import { DiskFullError, OutputError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { explainWriting, isFull } from "./write.ts";
import { pathOf } from "./files.ts";

const newline = 10;

/**
 * A file of lines that only grows, and survives that the process is killed or the machine stops: each line is on the disk
 * when it has been added, and one that was cut is taken away when the file is opened.
 */
export class LineFile {
  /** The lines that it holds already. */
  readonly lines: readonly string[];
  readonly #path: string;
  readonly #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile, lines: readonly string[]) {
    this.#path = path;
    this.#file = file;
    this.lines = lines;
  }

  /**
   * Open a file, or make it.
   *
   * @throws {OutputError} If it cannot be written, or another process has opened it likewise.
   */
  static async open(place: string | URL): Promise<LineFile> {
    const path = pathOf(place);
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path, { read: true, write: true, create: true });
      if (!await file.tryLock(true)) {
        throw new OutputError(`Cannot write ${quote(path)}: another run writes to it`);
      }
      const bytes = await Deno.readFile(path);
      const end = bytes.lastIndexOf(newline) + 1;
      if (end < bytes.length) await file.truncate(end);
      await file.seek(end, Deno.SeekMode.Start);
      const text = new TextDecoder().decode(bytes.subarray(0, end));
      return new LineFile(path, file, text.split("\n").slice(0, -1));
    } catch (error) {
      file?.close();
      throw refusal(error, path);
    }
  }

  /**
   * Add a line, and wait until it is on the disk.
   *
   * @throws {OutputError} If it cannot be written.
   */
  async add(line: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${line}\n`);
    try {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
      await this.#file.syncData();
    } catch (error) {
      throw refusal(error, this.#path);
    }
  }

  /** Let others open it. */
  close(): void {
    this.#file.close();
  }
}

function refusal(error: unknown, path: string): unknown {
  if (error instanceof OutputError) return error;
  const message = `Cannot write ${quote(path)}: ${explainWriting(error, path)}`;
  return isFull(error) ? new DiskFullError(message) : new OutputError(message);
}
