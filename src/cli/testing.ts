import type { CliIo, CliOutput } from "./io.ts";
import { main } from "./main.ts";

/** An output that keeps what is written. */
export class FakeOutput implements CliOutput {
  /** All bytes written, in order. */
  bytes = new Uint8Array();

  /** @param columns The width of the terminal that it plays, if it plays one. */
  constructor(readonly columns: number | undefined = undefined) {}

  /** What was written, as text. */
  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }

  /** The lines written. */
  get lines(): string[] {
    return this.text.split("\n").slice(0, -1);
  }

  /** Keep it. */
  write(data: Uint8Array | string): Promise<void> {
    const added = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const joined = new Uint8Array(this.bytes.length + added.length);
    joined.set(this.bytes);
    joined.set(added, this.bytes.length);
    this.bytes = joined;
    return Promise.resolve();
  }
}

/** Streams for {@linkcode main} without a process. */
export interface FakeIo extends CliIo {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** Interrupts. */
  readonly interruption: AbortController;
}

/** Options of {@linkcode fakeIo}. */
export interface FakeIoOptions {
  /** What standard input holds. */
  readonly stdin?: Uint8Array<ArrayBuffer>;
  /** The width of the terminal that standard output and error play, if they play one. */
  readonly columns?: number;
}

/** Streams for {@linkcode main} without a process. */
export function fakeIo({ stdin = new Uint8Array(), columns }: FakeIoOptions = {}): FakeIo {
  const interruption = new AbortController();
  return {
    stdin: new Blob([stdin]).stream(),
    stdout: new FakeOutput(columns),
    stderr: new FakeOutput(columns),
    interruption,
    signal: interruption.signal,
  };
}

/** What a run of the tool came to. */
export interface Run {
  readonly code: number;
  readonly stdout: FakeOutput;
  /** All but the line that sums up. */
  readonly stderr: FakeOutput;
  /** That line, if there was one. */
  readonly sum: string | undefined;
}

/** The line that sums up several photos, with its end. */
// deno-lint-ignore no-control-regex -- a terminal is told to clear its line before
const sumLine = /(?<=^|\x1b\[K)\d+ photos: .*\n$/m;

/** Text without the line that sums up, and that line. */
export function takeSum(text: string): [rest: string, sum: string | undefined] {
  const sum = sumLine.exec(text)?.[0];
  return [text.replace(sumLine, ""), sum?.trimEnd()];
}

/** Run the tool without a process. */
export async function runMain(args: readonly string[], options?: FakeIoOptions): Promise<Run> {
  const io = fakeIo(options);
  const code = await main(args, io);
  const [rest, sum] = takeSum(io.stderr.text);
  const stderr = new FakeOutput(options?.columns);
  await stderr.write(rest);
  return { code, stdout: io.stdout, stderr, sum };
}

/** The names of a folder's files, sorted. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

/** Do something with a new folder that is removed afterwards. */
export async function withTempDir(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "gradcam" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
