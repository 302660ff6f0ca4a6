import { interruptedCode } from "./interrupted.ts";

/** Where a command writes. */
export interface CliOutput {
  /** The width of the terminal in characters; `undefined` where it is a file or a pipe. */
  readonly columns: number | undefined;
  /** Write all of it, text as UTF-8. */
  write(data: Uint8Array | string): Promise<void>;
}

/** Takes what is written, and keeps nothing. */
export const noOutput: CliOutput = { columns: undefined, write: () => Promise.resolve() };

/** What a command has instead of a process, so that tests can drive it. */
export interface CliIo {
  /** What `-` reads. */
  readonly stdin: ReadableStream<Uint8Array>;
  /** Results. */
  readonly stdout: CliOutput;
  /** Errors, warnings and progress. */
  readonly stderr: CliOutput;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /**
   * Called before anything is begun that must not be left half done: from then on interruptions are heard. Until then the
   * system ends the process, which it does at once, while what opens a model hears nothing for hundreds of milliseconds.
   */
  readonly hearInterruptions?: () => void;
}

/** One of the process's own streams, as Deno offers them. */
interface ProcessStream {
  write(data: Uint8Array): Promise<number>;
  isTerminal(): boolean;
}

const encoder = new TextEncoder();

/** The width to take for a terminal that does not tell its own, or says that it is 0. */
const usualColumns = 80;

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || usualColumns;
  } catch {
    return usualColumns;
  }
}

function processOutput(stream: ProcessStream): CliOutput {
  return {
    get columns() {
      return stream.isTerminal() ? terminalColumns() : undefined;
    },
    async write(data) {
      let rest = typeof data === "string" ? encoder.encode(data) : data;
      while (rest.length > 0) rest = rest.subarray(await stream.write(rest));
    },
  };
}

/** The process's own streams, and its interruption. */
export function processIo(): CliIo {
  const interruption = new AbortController();
  const interrupt = () => {
    if (interruption.signal.aborted) Deno.exit(interruptedCode); // asked twice: at once
    interruption.abort();
  };
  return {
    get stdin() {
      return Deno.stdin.readable;
    },
    stdout: processOutput(Deno.stdout),
    stderr: processOutput(Deno.stderr),
    signal: interruption.signal,
    hearInterruptions() {
      Deno.addSignalListener("SIGINT", interrupt); // a second time changes nothing
      if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", interrupt); // as containers are stopped
    },
  };
}
