import type { EvaluationSummary, ExamplePicture } from "../evaluate/summary.ts";
import type { Markup } from "./html.ts";

/** What a report says besides the summary. */
export interface ReportOptions {
  /**
   * When the evaluation was made, as the reader is to see it.
   * @default {not said, so that the same summary gives the same bytes}
   */
  readonly date?: string | undefined;
  /**
   * The command that makes it again.
   * @default {not said}
   */
  readonly command?: string | undefined;
}

/** All that sections are made of. */
export interface Report extends ReportOptions {
  readonly summary: EvaluationSummary;
  readonly pictures: readonly ExamplePicture[];
}

/** A part of the report. */
export interface ReportSection {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  /** What stands below its title; `undefined` where there is nothing to say, so that it is left out. */
  render(report: Report): Markup | undefined;
}
