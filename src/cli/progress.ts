import { unicodeWidth } from "jsr:@std/cli@^1.0.20/unicode-width";
import type { CliOutput } from "./io.ts";

/** From how many photos on a bar is worth its line. */
const manyPhotos = 4;
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

/** A line on the terminal that says how far a batch is. Where there is no terminal it writes nothing. */
export class ProgressBar {
  readonly #output: CliOutput;
  readonly #total: number;
  readonly #now: () => number;
  readonly #start: number;
  #drawn = false;

  /**
   * @param output A terminal, or something else that stays without a bar.
   * @param total How many photos there are.
   */
  constructor(output: CliOutput, total: number, { now = () => performance.now() }: ProgressBarOptions = {}) {
    this.#output = output;
    this.#total = total;
    this.#now = now;
    this.#start = now();
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
    const columns = this.#output.columns;
    if (columns === undefined || this.#total < manyPhotos) return;
    this.#drawn = true;
    await this.#output.write(`\r\x1b[K${this.line(done, current, columns)}`);
  }

  /** Take the bar away, so that a line can be printed in its place. */
  async clear(): Promise<void> {
    if (!this.#drawn) return;
    this.#drawn = false;
    await this.#output.write("\r\x1b[K");
  }
}
