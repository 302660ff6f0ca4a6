/** The worker as a process, ended in the middle. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { withoutGpu } from "../testing/program.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { namesIn, withTempDir } from "./testing.ts";

const root = new URL("../../", import.meta.url).pathname;
const photo = `${root}testdata/images/plain.png`;
const count = 60;

function start(args: readonly string[], stdin: "null" | "piped" = "null"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--allow-all", `${root}cli.ts`, "worker", "--jobs", "1", ...args],
    env: withoutGpu,
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function within<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function withList(run: (folder: string, args: readonly string[]) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const list = `${folder}/list.ndjson`;
    const lines = Array.from({ length: count }, (_, id) => JSON.stringify({ id, photo, save: "npy" }));
    await Deno.writeTextFile(list, lines.join("\n"));
    const files = ["--out", `${folder}/out/`, "--results", `${folder}/results.ndjson`];
    await run(folder, [list, "--model", model, "--preprocess", "unit", ...files]);
  });
}

/** The files of a folder, none of which is half-written. */
async function wholeFiles(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => !name.endsWith(".part"));
  const sizes = await Promise.all(names.map(async (name) => (await Deno.stat(`${folder}/${name}`)).size));
  assertEquals(new Set(sizes).size, 1, `${sizes}`);
  return names;
}

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  Deno.test(`a worker that ${signal} ended is gone on with, and nothing is lost or done twice`, async () => {
    await withList(async (folder, args) => {
      const process = start(args);
      const journal = `${folder}/results.ndjson.journal`;
      const linesOf = async () => (await Deno.readTextFile(journal).catch(() => "")).split("\n").length;
      await within(async () => await linesOf() > 5 || undefined);
      process.kill(signal);
      const { code, stderr } = await process.output();
      const said = new TextDecoder().decode(stderr);
      if (signal === "SIGTERM") {
        assertEquals(code, 75);
        assertMatch(said, /Stopped: it was told to end: what follows record \d+ was not taken\n$/);
      }
      const before = await wholeFiles(`${folder}/out`);
      assert(before.length > 0 && before.length < count, `${before.length}`);
      const { code: last, stderr: more } = await start([...args, "--resume"]).output();
      assertEquals(last, 0, new TextDecoder().decode(more));
      assertMatch(new TextDecoder().decode(more), /^gradcam: \d+ records are done already\n/);
      const results = (await Deno.readTextFile(`${folder}/results.ndjson`)).split("\n").slice(0, -1);
      assertEquals(results.map((line) => JSON.parse(line).id), Array.from({ length: count }, (_, id) => id));
      assertEquals((await wholeFiles(`${folder}/out`)).length, count);
    });
  });
}
