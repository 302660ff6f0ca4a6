import { quote } from "../../base/quote.ts";
import { LineFile } from "../../platform/line_file.ts";
import { UsageError } from "../usage_error.ts";
import type { RecordName } from "./record.ts";

/** What is read of a result that was written before. */
interface WrittenResult extends RecordName {
  readonly error?: { readonly retry: boolean } | undefined;
}

function keyOf({ line, id }: RecordName): string {
  return `${line} ${JSON.stringify(id)}`;
}

/** The results of a run so far, a line each behind a heading, written as they come. */
export class Journal {
  readonly #file: LineFile;
  /** The records that were done when it was opened, */
  readonly #done = new Set<string>();
  /** and the numbers of the lines that are to be done again. */
  readonly #again = new Set<number>();

  private constructor(file: LineFile) {
    this.#file = file;
  }

  /**
   * Begin a journal, or go on with one.
   *
   * @param path Where it is.
   * @param settings What a run must have in common with the one that it goes on with.
   * @param isResumed Whether to go on: what failed in a way that a retry may mend is forgotten.
   * @throws {OutputError} If it cannot be written, or another process has it.
   * @throws {UsageError} If it is one of another run.
   */
  static async begin(path: string, settings: string, isResumed: boolean): Promise<Journal> {
    const journal = new Journal(await LineFile.open(path, { anew: !isResumed, sync: false }));
    try {
      await journal.#takeUp(JSON.stringify({ journal: 1, settings }), path);
      return journal;
    } catch (error) {
      journal.close();
      throw error;
    }
  }

  /** How many results it held when it was begun. */
  get size(): number {
    return this.#done.size;
  }

  /** Whether there is a result of a record. */
  has(record: RecordName): boolean {
    return this.#done.has(keyOf(record));
  }

  /** @throws {OutputError} If it cannot be written. */
  async add(line: string): Promise<void> {
    await this.#file.add(line);
  }

  /** All results, in the order that they came in, but for what failed before and was done again. */
  async *results(): AsyncGenerator<string, void, undefined> {
    let number = 0;
    for await (const line of this.#file.lines()) {
      if (number > 0 && !this.#again.has(number)) yield line;
      number++;
    }
  }

  /** Remove it, while it is still open, so that nobody goes on with it: it is no longer needed. */
  async remove(): Promise<void> {
    await this.#file.remove();
  }

  /** Close it; what it holds stays. */
  close(): void {
    this.#file.close();
  }

  /** Read what there is. */
  async #takeUp(heading: string, path: string): Promise<void> {
    let number = 0;
    for await (const line of this.#file.lines()) {
      if (number === 0 && line !== heading) {
        throw new UsageError(
          `Cannot resume ${quote(path)}: it is of other photos or options: leave --resume out to begin anew`,
        );
      }
      if (number > 0) this.#count(JSON.parse(line), number);
      number++;
    }
    if (number === 0) await this.#file.add(heading);
  }

  #count(result: WrittenResult, number: number): void {
    if (result.error?.retry) this.#again.add(number);
    else this.#done.add(keyOf(result));
  }
}
