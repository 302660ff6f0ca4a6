/**
 * How a peer that runs in Deno answers: as `python/protocol.py` says.
 *
 * @module
 */
import { TextLineStream } from "./lines.ts";

/** A question, one line of JSON. */
export interface Question {
  /** The map of a class, the scores of all, or the times of some runs. */
  readonly ask: "map" | "scores" | "run";
  /** The class to explain. */
  readonly classIndex: number;
  /** Untimed runs go on for this long before the timed ones. */
  readonly warmMs: number;
  /** How many runs are timed. */
  readonly times: number;
  /** Which of the child's tasks is run. */
  readonly task: string;
  /** How the map is wanted. */
  readonly options?: {
    readonly relu?: boolean;
    readonly score?: "output" | "logit";
    readonly eps?: number;
    readonly layer?: string;
  };
}

/** What a child can do. */
export interface Tasks {
  /** What is timed, by name. */
  readonly run: Readonly<Record<string, (question: Question) => Promise<unknown>>>;
  /**
   * Whether they take the times themselves, and give them in ms, as where what runs is in yet another process.
   * @default {false}
   */
  readonly keepsTime?: boolean;
  /** The map, for comparison. */
  readonly map?: (question: Question) => Promise<object>;
  /** The scores, for comparison. */
  readonly scores?: () => Promise<object>;
}

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function timed(run: () => Promise<unknown>, { warmMs, times }: Question): Promise<number[]> {
  for (let spent = 0; spent < warmMs || spent === 0;) spent += await milliseconds(run);
  const results: number[] = [];
  while (results.length < times) results.push(await milliseconds(run));
  return results;
}

/**
 * Say that all is ready, and answer until standard input ends.
 *
 * @param versions What is measured, by package.
 * @param tasks What can be asked for.
 */
export async function answer(versions: Record<string, string>, tasks: Tasks): Promise<void> {
  console.log(JSON.stringify({ ready: versions }));
  for await (
    const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
  ) {
    const question = JSON.parse(line) as Question;
    const run = () => tasks.run[question.task]!(question);
    const reply = question.ask === "run"
      ? { ms: tasks.keepsTime ? await run() : await timed(run, question) }
      : await tasks[question.ask]!(question);
    console.log(JSON.stringify(reply));
  }
}
