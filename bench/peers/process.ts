/**
 * The processes that are measured, each ended when this one is interrupted.
 *
 * @module
 */

/** A program to start. */
export interface Command {
  /** The program's path. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /**
   * The folder that it runs in.
   * @default {that of this process}
   */
  readonly folder?: string;
}

/** How a program that ran to its end did. */
export interface Ended {
  /** From before it was started until it was gone. */
  readonly ms: number;
  /** Peak resident memory in MB; `undefined` where the system does not tell. */
  readonly megabytes: number | undefined;
  /** What it printed. */
  readonly output: string;
}

/** What every process is given: no compiled files beside the scripts, no log of TensorFlow's. */
const environment = { PYTHONDONTWRITEBYTECODE: "1", TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" };

const running = new Set<Deno.ChildProcess>();

/** A script run by Deno. */
export function denoCommand(script: URL, ...args: string[]): Command {
  return { program: Deno.execPath(), args: ["run", "--quiet", "--allow-all", script.pathname, ...args] };
}

/** Start a program with pipes to talk to it. */
export function spawn({ program, args, folder }: Command): Deno.ChildProcess {
  const process = new Deno.Command(program, {
    args: [...args],
    env: environment,
    ...(folder !== undefined && { cwd: folder }),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.add(process);
  process.status.then(() => running.delete(process));
  return process;
}

/** End all processes that were started and are not done. */
export function stopAll(): void {
  for (const process of running) {
    try {
      process.kill("SIGKILL");
    } catch {
      // it is gone already
    }
  }
}

/** The peak of resident memory that the kernel keeps of a process. */
async function peakOf(pid: number): Promise<number | undefined> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024 / 1e6;
}

/** The line of a program's complaints that says why it ended: the last that names an error, else the last. */
export function reasonIn(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.findLast((line) => /^([\w.]*error|[\w.]+exception)\b.*: /i.test(line)) ?? lines.at(-1) ??
    "no output";
}

/** Wait for something, but no longer than the peak of memory may be left alone. */
async function waitShortly(status: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 5);
  await Promise.race([status, promise]);
  clearTimeout(timer);
}

/**
 * Run a program to its end; its peak of memory is looked up every 5 ms.
 *
 * @throws {Error} If it fails, with the line that says why.
 */
export async function runToEnd(command: Command): Promise<Ended> {
  const start = performance.now();
  const process = spawn(command);
  process.stdin.close().catch(() => {});
  const output = Promise.all([new Response(process.stdout).text(), new Response(process.stderr).text()]);
  let ended = false;
  const status = process.status.finally(() => ended = true);
  let megabytes: number | undefined;
  while (!ended) {
    megabytes = await peakOf(process.pid) ?? megabytes;
    await waitShortly(status);
  }
  const { success } = await status;
  const ms = performance.now() - start;
  const [stdout, stderr] = await output;
  if (!success) throw new Error(reasonIn(stderr.trim() === "" ? stdout : stderr));
  return { ms, megabytes, output: stdout };
}
