import { cut } from "../base/quote.ts";
import type { Explanation, RegionOptions } from "../explain/explanation.ts";
import type { MapPlan } from "../explain/progress.ts";
import { costNote } from "./cost_note.ts";
import { describeError, errorStack } from "./describe_error.ts";
import type { CliIo, CliOutput } from "./io.ts";
import type { WrittenSheet } from "./grid.ts";
import { ProgressBar, type Work } from "./progress.ts";
import { jsonLine, photoName, reportLine, type SavedFile, warningsOf } from "./report.ts";

/** How often the same warning is printed before it is taken as known. */
const warningLimit = 3;

/** Options of {@linkcode Reporter}. */
export interface ReporterOptions {
  /** How many photos there are to explain. */
  readonly photos: number;
  /** How many were passed over, since their results are there. */
  readonly skipped: number;
  /** Whether standard output has a line of JSON a photo. */
  readonly json: boolean;
  /** Whether only errors are printed. */
  readonly quiet: boolean;
  /** Whether errors are printed with their stack. */
  readonly debug: boolean;
  /** Whether standard output is taken by a result. */
  readonly stdoutTaken: boolean;
  /** What belongs to a region of a map, where boxes are asked for. */
  readonly regions?: RegionOptions | undefined;
}

/**
 * Print an error: one line, and its stack where that is asked for.
 *
 * @param output Standard error.
 * @param error Anything thrown.
 * @param debug Whether the stack is printed too.
 * @param about What stands before it, such as the photo's name, unless the message says it.
 */
export async function printError(
  output: CliOutput,
  error: unknown,
  debug: boolean,
  about = "",
): Promise<void> {
  const message = describeError(error);
  const name = cut(about);
  const prefix = name === "" || message.includes(name) ? "" : `${name}: `;
  await output.write(`gradcam: ${prefix}${message}\n${debug ? `${errorStack(error)}\n` : ""}`);
}

/** Says what became of each photo, and how far the batch is. */
export class Reporter {
  readonly #io: CliIo;
  readonly #options: ReporterOptions;
  readonly #bar: ProgressBar | undefined;
  readonly #seen = new Map<string, number>();
  readonly #start = performance.now();
  #explained = 0;
  #failed = 0;
  /** The note of what photos cost, once it is known to be worth one. */
  #cost: Promise<void> | undefined;

  /** @param io Where to print. */
  constructor(io: CliIo, options: ReporterOptions) {
    this.#io = io;
    this.#options = options;
    this.#bar = options.quiet ? undefined : new ProgressBar(io.stderr, options.photos);
  }

  /** Show how many photos are done, and which is at work. */
  async progress(done: number, photo: string): Promise<void> {
    await this.#bar?.draw(done, photoName(photo));
  }

  /** Show how far the work on a photo is, where it takes long. */
  work(work: Work, photo: string): void {
    this.#bar?.work(work, photoName(photo));
  }

  /** Say what a photo costs, once, where that is much. */
  cost(plan: MapPlan): void {
    const note = costNote(plan);
    if (this.#options.quiet || this.#cost || note === undefined) return;
    this.#cost = (this.#bar?.clear() ?? Promise.resolve())
      .then(() => this.#io.stderr.write(`note: ${note}\n`));
    this.#cost.catch(() => {}); // told when it is awaited
  }

  /** Take the progress bar away. */
  async end(): Promise<void> {
    await this.#cost;
    await this.#bar?.clear();
  }

  /** What is to be known before the first photo: what was passed over, what was assumed of the model. */
  async notes(notes: readonly string[]): Promise<void> {
    if (this.#options.quiet) return;
    for (const note of notes) await this.#io.stderr.write(`note: ${note}\n`);
  }

  /** Sum up a run of several photos. */
  async sum(): Promise<void> {
    const { photos, skipped, quiet } = this.#options;
    if (quiet || photos + skipped < 2) return;
    const parts = [
      `${this.#explained} explained`,
      ...this.#failed > 0 ? [`${this.#failed} failed`] : [],
      ...skipped > 0 ? [`${skipped} passed over, whose results are there`] : [],
    ];
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    await this.#io.stderr.write(`${photos + skipped} photos: ${parts.join(", ")}, in ${seconds} s\n`);
  }

  /** A photo is explained. */
  async success(photo: string, explanation: Explanation, saved: readonly SavedFile[]): Promise<void> {
    this.#explained++;
    await this.end();
    const { json, quiet, stdoutTaken, regions } = this.#options;
    if (json) await this.#io.stdout.write(`${jsonLine(photo, explanation, { saved, regions })}\n`);
    if (quiet) return;
    const output = stdoutTaken ? this.#io.stderr : this.#io.stdout;
    if (!json) await output.write(`${reportLine(photo, explanation, { saved, regions })}\n`);
    await this.#noteOnce(explanation.pixels?.note ?? "");
    for (const warning of warningsOf(explanation)) await this.#warn(photo, warning);
  }

  /** A sheet of the grid is written. */
  async sheet({ path, cells }: WrittenSheet): Promise<void> {
    await this.#bar?.clear();
    const { json, quiet, stdoutTaken } = this.#options;
    if (json) await this.#io.stdout.write(`${JSON.stringify({ grid: path, pictures: cells })}\n`);
    if (quiet || json) return;
    const output = stdoutTaken ? this.#io.stderr : this.#io.stdout;
    await output.write(`grid of ${cells} → ${path === "-" ? "standard output" : path}\n`);
  }

  /** A photo could not be explained. */
  async failure(photo: string, error: unknown): Promise<void> {
    this.#failed++;
    await this.end();
    const name = photoName(photo);
    if (this.#options.json) {
      await this.#io.stdout.write(`${JSON.stringify({ source: name, error: describeError(error) })}\n`);
    }
    await printError(this.#io.stderr, error, this.#options.debug, name);
  }

  /** Say what holds for all photos once. */
  async #noteOnce(note: string): Promise<void> {
    if (note === "" || this.#seen.has(note)) return;
    this.#seen.set(note, 1);
    await this.#io.stderr.write(`note: ${note}\n`);
  }

  async #warn(photo: string, warning: string): Promise<void> {
    const times = (this.#seen.get(warning) ?? 0) + 1;
    this.#seen.set(warning, times);
    if (times > warningLimit) return;
    const about = this.#options.photos > 1 ? `${cut(photoName(photo))}: ` : "";
    const last = times === warningLimit && this.#options.photos > warningLimit ? " (not said again)" : "";
    await this.#io.stderr.write(`warning: ${about}${warning.replace(/\s*\n\s*/g, " ")}${last}\n`);
  }
}
