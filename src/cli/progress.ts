import { unicodeWidth } from "jsr:@std/cli@^1.0.20/unicode-width";
import type { CliOutput } from "./io.ts";

/** From how many photos on a bar is worth its line. */
const manyPhotos = 4;
/** After how long one photo's work is shown, in milliseconds, */
const longWork = 1000;
/** and how often. */
const redraw = 100;
/** The bar's own width, in characters. */
const barWidth = 24;

/** Options of {@linkcode ProgressBar}. */
export interface ProgressBarOptions {
  /**
   * The clock, in milliseconds.
   * @default {performance.now}
   */
  readonly now?: () => number;
}

/** Seconds as people say them. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
}

/** As much of a text as so many columns of a terminal hold. */
function cutTo(text: string, columns: number): string {
  let [width, line] = [0, ""];
  for (const character of text) {
    width += unicodeWidth(character);
    if (width > columns) break;
    line += character;
  }
  return line;
}

/** How far the work on one photo is. */
export interface Work {
  readonly done: number;
  readonly total: number;
}

/** A line on the terminal that says how far a batch is. Where there is no terminal it writes nothing. */
export class ProgressBar {
  readonly #output: CliOutput;
  readonly #total: number;
  readonly #now: () => number;
  readonly #start: number;
  #drawn = false;
  /** When the photo at work was begun, and when its work was last shown. */
  #began: number;
  #shown = 0;
  #pending: Promise<void> = Promise.resolve();

  /**
   * @param output A terminal, or something else that stays without a bar.
   * @param total How many photos there are.
   */
  constructor(output: CliOutput, total: number, { now = () => performance.now() }: ProgressBarOptions = {}) {
    this.#output = output;
    this.#total = total;
    this.#now = now;
    this.#start = now();
    this.#began = this.#start;
  }

  /** The line for so many photos done, cut to `columns`. */
  line(done: number, current: string, columns: number): string {
    const filled = Math.round(barWidth * done / this.#total);
    const bar = `[${"=".repeat(filled)}${" ".repeat(barWidth - filled)}]`;
    const perSecond = done / Math.max((this.#now() - this.#start) / 1000, 1e-3);
    const speed = done === 0
      ? ""
      : ` · ${perSecond.toPrecision(2)}/s · ${duration((this.#total - done) / perSecond)} left`;
    const text = `${bar} ${done}/${this.#total}${speed} · ${current}`;
    return cutTo(text, columns - 1);
  }

  /**
   * Draw the bar anew.
   *
   * @param done How many photos are done.
   * @param current The photo at work.
   */
  async draw(done: number, current: string): Promise<void> {
    this.#began = this.#now();
    const columns = this.#output.columns;
    if (columns === undefined || this.#total < manyPhotos) return;
    this.#drawn = true;
    await this.#output.write(`\r\x1b[K${this.line(done, current, columns)}`);
  }

  /** The line for one photo's work, cut to `columns`. */
  workLine({ done, total }: Work, current: string, columns: number): string {
    const filled = Math.round(barWidth * done / total);
    const bar = `[${"=".repeat(filled)}${" ".repeat(barWidth - filled)}]`;
    const seconds = (this.#now() - this.#began) / 1000;
    const left = done === 0 ? "" : ` · ${duration(seconds * (total - done) / done)} left`;
    return cutTo(`${bar} ${done}/${total}${left} · ${current}`, columns - 1);
  }

  /**
   * Show how far the work on one photo is, where it takes long.
   *
   * @param work How many pieces of work are done, and how many there are.
   * @param current The photo at work.
   */
  work(work: Work, current: string): void {
    const columns = this.#output.columns;
    const now = this.#now();
    if (columns === undefined || now - this.#began < longWork || now - this.#shown < redraw) return;
    this.#shown = now;
    this.#drawn = true;
    const line = `\r\x1b[K${this.workLine(work, current, columns)}`;
    this.#pending = this.#pending.then(() => this.#output.write(line)).then(() => {}, () => {}); // told when it is cleared
  }

  /** Take the bar away, so that a line can be printed in its place. */
  async clear(): Promise<void> {
    if (!this.#drawn) return;
    this.#drawn = false;
    await this.#pending;
    await this.#output.write("\r\x1b[K");
  }
}
