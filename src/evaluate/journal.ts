import { OutputError } from "../base/errors.ts";
import { listed, quote } from "../base/quote.ts";
import { sha256 } from "../base/sha256.ts";
import { pathOf } from "../platform/files.ts";
import { LineFile } from "../platform/line_file.ts";
import type { EvaluatedPhoto } from "./evaluated.ts";
import { lineOf, photoOf } from "./kept_photo.ts";

/** What results depend on, by name: all that JSON can hold. */
export type JournalSettings = Readonly<Record<string, unknown>>;

/** The form of the lines; a file of another is not gone on with. */
const form = 1;

/** The first line of a journal. */
interface Heading {
  readonly gradcamEvaluation: number;
  /** SHA-256 of the settings, in hexadecimal. */
  readonly hash: string;
  readonly settings: JournalSettings;
}

async function headingOf(settings: JournalSettings): Promise<Heading> {
  const hash = await sha256(JSON.stringify(settings));
  return { gradcamEvaluation: form, hash, settings };
}

function readHeading(line: string): Heading | undefined {
  try {
    const heading = JSON.parse(line);
    return heading?.gradcamEvaluation === form && typeof heading.hash === "string" ? heading : undefined;
  } catch {
    return undefined;
  }
}

/** The names of settings that differ. */
function differences(a: JournalSettings, b: JournalSettings): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

/**
 * The results of photos in a file, a line each in the photos' order, so that a run which was ended in any way is gone on
 * with: the first line says what the results depend on.
 */
export class Journal {
  /** The photos that were done before. */
  readonly done: readonly EvaluatedPhoto[];
  readonly #file: LineFile;
  readonly #times: boolean;

  private constructor(file: LineFile, done: readonly EvaluatedPhoto[], times: boolean) {
    this.#file = file;
    this.done = done;
    this.#times = times;
  }

  /**
   * Open a journal, or begin one.
   *
   * @param path Where it is.
   * @param settings What results depend on.
   * @param options Whether times are kept.
   * @throws {OutputError} If it holds results of other settings or something else, or cannot be written.
   */
  static async open(
    path: string | URL,
    settings: JournalSettings,
    { times = false }: { readonly times?: boolean } = {},
  ): Promise<Journal> {
    const file = await LineFile.open(path);
    try {
      const name = quote(pathOf(path));
      const heading = await headingOf(settings);
      const [first, ...lines] = await Array.fromAsync(file.lines());
      if (first === undefined) await file.add(JSON.stringify(heading));
      else checkHeading(first, heading, name);
      return new Journal(file, readPhotos(lines, name), times);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Keep a photo's results: they are on the disk when this is done. */
  async add(photo: EvaluatedPhoto): Promise<void> {
    await this.#file.add(lineOf(photo, this.#times));
  }

  /** Let others open it. */
  close(): void {
    this.#file.close();
  }
}

function checkHeading(line: string, { hash, settings }: Heading, name: string): void {
  const found = readHeading(line);
  if (!found) {
    throw new OutputError(
      `Cannot go on with ${name}: it is no evaluation of this version: name another folder`,
    );
  }
  if (found.hash === hash) return;
  const names = differences(found.settings ?? {}, settings);
  throw new OutputError(
    `Cannot go on with ${name}: its results were made with other settings (${
      listed(names)
    }): name another folder, or remove it`,
  );
}

function readPhotos(lines: readonly string[], name: string): EvaluatedPhoto[] {
  return lines.map((line, at) => {
    try {
      const photo = photoOf(line);
      if (photo.index !== at) throw new RangeError(`it is of photo ${photo.index}`);
      return photo;
    } catch {
      throw new OutputError(
        `Cannot go on with ${name}: line ${at + 2} is damaged: remove it and what follows`,
      );
    }
  });
}
