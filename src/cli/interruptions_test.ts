/** The tool as a process, interrupted at any moment. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { now } from "../testing/clock.ts";
import { exists, testdata } from "../testing/mod.ts";
import { withTempDir } from "./testing.ts";

const root = new URL("../../", import.meta.url);
const photo = new URL("photos/chelsea.png", testdata);

/** How many moments are tried. */
const moments = 20;

/** In which time the tool has ended, in ms. */
const soon = 1000;

/** How often a moment is tried at which it ended late: where the machine itself stops for a while, everything is late. */
const tries = 3;

/** The processes that a process has started and that live. */
async function childrenOf(pid: number): Promise<string[]> {
  try {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
    return text.split(" ").filter(Boolean);
  } catch {
    return []; // it has ended, or the system does not tell
  }
}

/** The tool at work, and when it is told to stop. */
interface Interruption {
  readonly photos: string;
  readonly out: string;
  readonly jobs: number;
  /** When the signal is sent, in ms after the start. */
  readonly after: number;
  readonly signal: "SIGTERM" | "SIGINT";
}

/** Interrupt the tool, and see that it ends as interrupted and leaves no process; how long it took, in ms. */
async function interrupt({ photos, out, jobs, after, signal }: Interruption): Promise<number> {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "cli.ts", photos, "--out", `${out}/`, "--jobs", `${jobs}`],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await new Promise((resolve) => setTimeout(resolve, after));
  const children = await childrenOf(process.pid);
  const sent = now();
  process.kill(signal);
  const { code, stderr } = await process.output();
  const late = now() - sent;
  // Before the tool has begun the signal ends Deno itself.
  assert([130, 143].includes(code), `${code}: ${new TextDecoder().decode(stderr)}`);
  for (const child of children) assert(!await exists(new URL(`file:///proc/${child}`)), "None outlives it");
  return late;
}

/** See that a folder, if there is one, holds whole pictures alone. */
async function assertWhole(folder: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name).catch(() => []);
  for (const name of names) {
    assert(name.endsWith(".gradcam.png"), `${name} is half a file`);
    const { width, height } = await decodeImage(await Deno.readFile(`${folder}/${name}`));
    assertEquals([width, height], [451, 300]);
  }
}

Deno.test({
  name: "gradcam, interrupted at twenty moments, leaves no half file and no live process",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    await withTempDir(async (folder) => {
      await Deno.mkdir(`${folder}/photos`);
      for (let index = 0; index < 90; index++) await Deno.copyFile(photo, `${folder}/photos/${index}.png`);
      for (let moment = 0; moment < moments; moment++) {
        const after = 40 + Math.floor(Math.random() * 1800);
        const jobs = moment % 2 + 1;
        const signal = moment % 3 === 0 ? "SIGTERM" : "SIGINT";
        await t.step(`${signal} after ${after} ms, ${jobs} jobs`, async () => {
          const late: number[] = [];
          while (late.length < tries && (late.at(-1) ?? soon) >= soon) {
            const out = `${folder}/out${moment}-${late.length}`;
            late.push(await interrupt({ photos: `${folder}/photos`, out, jobs, after, signal }));
            await assertWhole(out);
          }
          assertLess(late.at(-1)!, soon, `It ends at once, not after ${late.map(Math.round)} ms`);
        });
      }
    });
  },
});
