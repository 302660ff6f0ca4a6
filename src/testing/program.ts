/** A service in a process of its own. */
export interface RunningService {
  /** Where it listens, with a slash at the end. */
  readonly url: string;
  /** The process's id. */
  readonly pid: number;
  /** Whether it still runs. */
  isAlive(): boolean;
  /** What it has said so far, on both of its outputs. */
  said(): string;
  /** End it at once. */
  stop(): Promise<void>;
}

/**
 * What a process finds in its environment that is to have no GPU, whose teardown in Deno may crash a process that ends, and whose
 * drivers may write to stderr.
 */
export const withoutGpu = { DENO_WEBGPU_BACKEND: "dx12", XDG_RUNTIME_DIR: "/" } as const;

/** How long a service may take to say where it listens, in ms. */
const patienceMs = 60_000;

/**
 * Start a program, and wait until it says on one of its outputs where it listens, as `http://HOST:PORT/`.
 *
 * @param args What follows `deno`, or another program.
 * @param options The program, what it finds in its environment, and where it will listen if it need not be waited for.
 * @throws {Error} If it ends before, or takes more than a minute.
 */
export async function startService(
  args: readonly string[],
  { program = Deno.execPath(), env = {}, url }: {
    program?: string;
    env?: Readonly<Record<string, string>>;
    url?: string;
  } = {},
): Promise<RunningService> {
  const process = new Deno.Command(program, {
    args: [...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const listening = Promise.withResolvers<string>();
  let said = "";
  let alive = true;
  async function listen(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      said = (said + text).slice(-100_000);
      const [found] = /http:\/\/[\w.]+:\d+\//.exec(said) ?? [];
      if (found !== undefined) listening.resolve(found);
    }
  }
  const heard = Promise.all([listen(process.stdout), listen(process.stderr)]);
  const ended = process.status.then(({ code }) => {
    alive = false;
    listening.reject(new Error(`The service ended with ${code}: ${said.trim()}`));
  });
  async function stop(): Promise<void> {
    if (alive) process.kill("SIGKILL");
    await Promise.all([heard, ended]);
  }
  const timer = setTimeout(
    () => listening.reject(new Error(`The service does not listen: ${said}`)),
    patienceMs,
  );
  try {
    if (url !== undefined) listening.resolve(url);
    return { url: await listening.promise, pid: process.pid, isAlive: () => alive, said: () => said, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const root = new URL("../../", import.meta.url).pathname;

/** Run `deno serve serve.ts` with no more permissions than it needs, and do something with it. */
export async function withServeScript(use: (service: RunningService) => Promise<void>): Promise<void> {
  const flags = ["--no-prompt", "--host=127.0.0.1", "--port=0", `--allow-read=${root}`];
  const service = await startService(["serve", ...flags, `${root}serve.ts`]);
  try {
    await use(service);
  } finally {
    await service.stop();
  }
}

/** What a process takes of memory now, and has taken at most, in MB; `undefined` where the system does not tell. */
export async function memoryOf(pid: number): Promise<{ now: number; most: number } | undefined> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const read = (field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024 / 1e6;
  return status === "" ? undefined : { now: read("VmRSS"), most: read("VmHWM") };
}

/** What a process has computed so far on all its threads, in ticks of 10 ms; `undefined` where the system does not tell. */
export async function ticksOf(pid: number): Promise<number | undefined> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from the third on
  return stat === "" ? undefined : Number(fields[11]) + Number(fields[12]);
}
