/**
 * Many photos from the shell to their overlays, by the number of jobs. One job computes on all threads, several on
 * one each.
 *
 * @module
 */
import { counted, photo, runCli, temporaryFolder } from "./setup.ts";

const count = 48;
const folder = await temporaryFolder();
await Deno.mkdir(`${folder}/photos`);
for (let index = 0; index < count; index++) {
  const source = index % 2 === 0 ? photo : new URL("coffee.png", photo);
  await Deno.copyFile(source, `${folder}/photos/${index}.png`);
}

for (let jobs = 1; jobs <= navigator.hardwareConcurrency; jobs++) {
  Deno.bench({
    name: counted(jobs, "job"),
    group: `${count} photos to overlays, by jobs`,
    baseline: jobs === 1,
    n: 3,
    warmup: 1,
    async fn() {
      await runCli(`${folder}/photos`, "--out", `${folder}/maps/`, "--quiet", "--jobs", `${jobs}`);
    },
  });
}
