/**
 * A peer that stays alive and answers, a line of JSON each way.
 *
 * @module
 */
import type { Question } from "./children/answer.ts";
import { TextLineStream } from "./children/lines.ts";
import { type Command, reasonIn, spawn } from "./process.ts";

/** A map as a peer gives it. */
export interface PeerMap {
  /** Row by row. */
  readonly map: readonly number[];
  /** Height and width. */
  readonly shape: readonly [number, number];
  /** The class that was explained, from those who choose one. */
  readonly classIndex?: number;
}

/** A conversation with one process. */
export class Conversation {
  readonly #process: Deno.ChildProcess;
  readonly #answers: ReadableStreamDefaultReader<string>;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #complaints: Promise<string>;
  /** Versions by package. */
  readonly versions: Readonly<Record<string, string>> = {};

  private constructor(command: Command) {
    this.#process = spawn(command);
    this.#answers = this.#process.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TextLineStream(),
    )
      .getReader();
    this.#requests = this.#process.stdin.getWriter();
    this.#complaints = new Response(this.#process.stderr).text();
  }

  /**
   * Start a process and wait until it is ready.
   *
   * @throws {Error} If it ends instead, with the line of standard error that says why.
   */
  static async open(command: Command): Promise<Conversation> {
    const conversation = new Conversation(command);
    const { ready } = await conversation.#next() as { ready: Record<string, string> };
    Object.assign(conversation.versions, ready);
    return conversation;
  }

  async #next(): Promise<unknown> {
    const { value } = await this.#answers.read();
    if (value !== undefined) return JSON.parse(value);
    await this.close();
    throw new Error(reasonIn(await this.#complaints));
  }

  async #ask(question: Partial<Question>): Promise<unknown> {
    await this.#requests.write(new TextEncoder().encode(`${JSON.stringify(question)}\n`));
    return await this.#next();
  }

  /** The map of a class, or of the best where the class is −1. */
  async map(classIndex: number, options: Question["options"] = {}): Promise<PeerMap> {
    return await this.#ask({ ask: "map", classIndex, options }) as PeerMap;
  }

  /** The scores of all classes. */
  async scores(): Promise<number[]> {
    return (await this.#ask({ ask: "scores" }) as { scores: number[] }).scores;
  }

  /** The times of some runs in ms, after untimed ones. */
  async run(
    task: string,
    question: Pick<Question, "classIndex" | "warmMs" | "times" | "options">,
  ): Promise<number[]> {
    return (await this.#ask({ ask: "run", task, ...question }) as { ms: number[] }).ms;
  }

  /** End the process. */
  async close(): Promise<void> {
    await this.#requests.close().catch(() => {});
    await this.#process.status;
  }
}
