import { cut } from "../../base/quote.ts";
import type { CliOutput } from "../io.ts";
import type { Answer } from "./answer.ts";

/** How many failures are told one by one. */
const mostFailures = 100;

/** How often it is said how far the work is, in milliseconds. */
const interval = 60_000;

/** Says on standard error how the work goes on. */
export class WorkLog {
  readonly #output: CliOutput;
  readonly #isQuiet: boolean;
  readonly #start = performance.now();
  #told = performance.now();
  /** The number of the last record that was answered; 0 before the first. */
  lastLine = 0;
  answered = 0;
  failed = 0;
  skipped = 0;

  /** @param isQuiet Whether nothing but failures is said. */
  constructor(output: CliOutput, isQuiet: boolean) {
    this.#output = output;
    this.#isQuiet = isQuiet;
  }

  /** Say something. */
  async note(text: string): Promise<void> {
    if (!this.#isQuiet) await this.say(text);
  }

  /** Say something that must be said. */
  async say(text: string): Promise<void> {
    await this.#output.write(`gradcam: ${text}\n`);
  }

  /** A record was answered. */
  async count({ name: { line, id }, failure, isSkipped }: Answer): Promise<void> {
    this.lastLine = line;
    this.answered++;
    if (isSkipped) this.skipped++;
    if (failure && this.failed++ < mostFailures) {
      const which = id === null ? `record ${line}` : `record ${line}, ${cut(JSON.stringify(id), 80)}`;
      const last = this.failed === mostFailures ? " (other failures are in the results alone)" : "";
      await this.say(`${which}: ${failure.code}: ${failure.message}${last}`);
    }
    if (performance.now() - this.#told < interval) return;
    this.#told = performance.now();
    await this.note(this.sum());
  }

  /** How far it is, in a line. */
  sum(): string {
    const seconds = (performance.now() - this.#start) / 1000;
    const counts = [
      `${this.answered - this.failed - this.skipped} explained`,
      ...this.skipped > 0 ? [`${this.skipped} there already`] : [],
      ...this.failed > 0 ? [`${this.failed} failed`] : [],
    ];
    const rate = (this.answered - this.skipped) / seconds;
    return `${this.answered} record${this.answered === 1 ? "" : "s"}: ${counts.join(", ")}, ` +
      `in ${seconds.toFixed(1)} s (${rate.toFixed(1)} a second)`;
  }
}
