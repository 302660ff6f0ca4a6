/**
 * From the shell to the written overlay: `gradcam chelsea.png` in a process of its own, run after run; median
 * time and largest peak of resident memory. Run it with `deno task bench:cold [RUNS]`, on a quiet machine.
 * The peak is what the kernel keeps (VmHWM), looked up every 5 ms, so it is read on Linux alone.
 *
 * @module
 */
const root = new URL("../", import.meta.url).pathname;
const runs = Number(Deno.args[0] ?? 15);

interface ColdRun {
  readonly ms: number;
  /** Peak resident memory in MB; `undefined` where the system does not tell. */
  readonly megabytes: number | undefined;
}

async function peakOf(pid: number): Promise<number | undefined> {
  try {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024 / 1e6;
  } catch {
    return undefined;
  }
}

async function runCold(folder: string): Promise<ColdRun> {
  const start = performance.now();
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-all",
      `${root}cli.ts`,
      `${root}testdata/photos/chelsea.png`,
      "--out",
      folder,
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = process.status.then((status) => {
    ended = true;
    return status;
  });
  let megabytes: number | undefined;
  while (!ended) {
    megabytes = await peakOf(process.pid) ?? megabytes;
    await Promise.race([status, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  const { code } = await status;
  if (code !== 0) throw new Error(`gradcam ended with ${code}`);
  return { ms: performance.now() - start, megabytes };
}

const folder = await Deno.makeTempDir();
try {
  await runCold(`${folder}/`); // the first fills the caches of the system and of Deno
  const results: ColdRun[] = [];
  for (let run = 0; run < runs; run++) results.push(await runCold(`${folder}/`));
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b);
  const peaks = results.flatMap(({ megabytes }) => megabytes ?? []);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `${runs} runs: median ${seconds(times[times.length >> 1]!)}, ${seconds(times[0]!)} to ${
      seconds(times.at(-1)!)
    }` +
      (peaks.length ? `, peak memory ${Math.max(...peaks).toFixed(0)} MB` : ""),
  );
} finally {
  await Deno.remove(folder, { recursive: true });
}
