/** The tool as a process, interrupted at any moment. */
import { assert, assertEquals } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { testdata } from "../testing/mod.ts";
import { withTempDir } from "./testing.ts";

const root = new URL("../../", import.meta.url);
const photo = new URL("photos/chelsea.png", testdata);

/** How many moments are tried. */
const moments = 20;

/** The number of processes that a process has started and that live. */
async function childrenOf(pid: number): Promise<number> {
  try {
    return (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).split(" ").filter(Boolean).length;
  } catch {
    return 0; // it has ended, or the system does not tell
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
          const out = `${folder}/out${moment}`;
          const process = new Deno.Command(Deno.execPath(), {
            args: [
              "run",
              "--allow-all",
              "cli.ts",
              `${folder}/photos`,
              "--out",
              `${out}/`,
              "--jobs",
              `${jobs}`,
            ],
            cwd: root,
            stdout: "null",
            stderr: "piped",
          }).spawn();
          await new Promise((resolve) => setTimeout(resolve, after));
          const sent = performance.now();
          process.kill(signal);
          const { code, stderr } = await process.output();
          const said = new TextDecoder().decode(stderr);
          assert(performance.now() - sent < 1000, "It ends at once");
          // Before the tool has begun the signal ends Deno itself.
          assert([130, 143].includes(code), `${code}: ${said}`);
          assertEquals(await childrenOf(process.pid), 0);
          const names = await Array.fromAsync(Deno.readDir(out), ({ name }) => name).catch(() => []);
          for (const name of names) {
            assert(name.endsWith(".gradcam.png"), `${name} is half a file`);
            const { width, height } = await decodeImage(await Deno.readFile(`${out}/${name}`));
            assertEquals([width, height], [451, 300]);
          }
        });
      }
    });
  },
});
