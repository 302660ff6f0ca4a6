/**
 * Where the milliseconds of a cold run go: medians of stages, each in a process of its own and one after the other, beside
 * the whole of `gradcam PHOTO`, which does some of it at the same time. Run it with `deno task bench:cold:stages [RUNS]`, on
 * a quiet machine.
 *
 * @module
 */
import { denoCommand, runToEnd } from "./peers/process.ts";
import { median } from "./peers/statistics.ts";
import { cli, photo } from "./setup.ts";

/** What `cold_stages.ts` prints. */
interface StagedRun {
  readonly stages: Readonly<Record<string, number>>;
  /** When the last stage was over, in ms since 1970. */
  readonly ended: number;
}

const now = () => performance.timeOrigin + performance.now();

/** One run in stages, with what follows the last. */
async function runStages(out: string): Promise<Record<string, number>> {
  const script = new URL("cold_stages.ts", import.meta.url);
  const { program, args } = denoCommand(script, `${now()}`, photo.pathname, out);
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  const over = now();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { stages, ended } = JSON.parse(new TextDecoder().decode(stdout)) as StagedRun;
  return { ...stages, "ending the process": over - ended };
}

function print(rows: readonly (readonly [string, number])[]): void {
  const total = rows.reduce((sum, [, ms]) => sum + ms, 0);
  for (const [name, ms] of [...rows, ["all stages", total] as const]) {
    console.log(
      `${name.padEnd(40)} ${ms.toFixed(1).padStart(7)} ms ${(100 * ms / total).toFixed(0).padStart(4)} %`,
    );
  }
}

const runs = Number(Deno.args[0] ?? 15);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`Cannot run "${Deno.args[0]}" times: use 1 or more`);
  Deno.exit(2);
}
const folder = await Deno.makeTempDir();
try {
  const whole = denoCommand(new URL(`file://${cli}`), photo.pathname, "--out", `${folder}/`);
  await runToEnd(whole); // the first fills the caches of the system and of Deno
  const staged: Record<string, number>[] = [];
  const wholeMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    staged.push(await runStages(`${folder}/staged.png`));
    wholeMs.push((await runToEnd(whole)).ms);
  }
  print(
    Object.keys(staged[0]!).map((name) => [name, median(staged.map((stages) => stages[name]!))] as const),
  );
  console.log(`${"gradcam PHOTO itself".padEnd(40)} ${median(wholeMs).toFixed(1).padStart(7)} ms`);
  console.log(`Medians of ${runs} runs`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
