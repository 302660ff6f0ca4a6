import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { main } from "./main.ts";
import { fakeIo, namesIn, runMain, withTempDir } from "./testing.ts";

const images = new URL("../../testdata/images/", import.meta.url).pathname;
const photos = ["plain.jpg", "plain.png", "grey.jpg", "lossy.webp", "cmyk.jpg", "key.png"];

/** A folder with a model, photos, and where ants and hot dogs are on them. */
async function withPhotos(use: (folder: string, options: string[]) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "wasm", threads: 1 });
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    await Deno.mkdir(`${folder}/photos`);
    for (const name of photos) await Deno.copyFile(images + name, `${folder}/photos/${name}`);
    const box = [0.5, 0.25, 1, 0.5]; // the upper half
    const truth = photos.slice(0, 5).map((file, at) => ({
      file,
      class: at === 4 ? "hot_dog" : "Ant",
      boxes: [box],
    }));
    await Deno.writeTextFile(`${folder}/truth.json`, JSON.stringify(truth));
    await use(folder, ["--model", model, "--preprocess", "unit", "--threads", "1", "--metric-steps", "4"]);
  });
}

const run = (...args: string[]) => leavingNoTensors(() => runMain(["evaluate", ...args]));

Deno.test("evaluateCommand prints a table and what may be concluded, and writes a folder of results", async () => {
  await withPhotos(async (folder, options) => {
    const out = `${folder}/out/`;
    const args = [
      `${folder}/photos`,
      ...options,
      "--methods",
      "gradcam,eigencam",
      "--truth",
      `${folder}/truth.json`,
    ];
    const { code, stdout, stderr } = await run(...args, "--out", out);
    assertEquals(code, 0);
    assertMatch(stdout.lines[0]!, /^METHOD +LAYER +POINTINGGAME \(more is better\) +ENERGYPOINTINGGAME/);
    assertMatch(stdout.lines[1]!, /^gradcam +features +[01]\.\d{3} \(/);
    assertMatch(stdout.lines[3]!, /^\(random\) /);
    assertStringIncludes(stdout.text, "Chance: pointinggame 0.500, energypointinggame 0.500");
    assertStringIncludes(stdout.text, "- 6 photos were measured;");
    assertStringIncludes(stderr.text, "has no class of these names, whose objects are left out: hot_dog");
    assertStringIncludes(stderr.text, "1 photo has no truth: key.png");
    const names = await namesIn(out);
    for (const name of ["evaluation.csv", "evaluation.json", "photos.csv", "results.ndjson"]) {
      assert(names.includes(name));
    }
    const summary = JSON.parse(await Deno.readTextFile(`${out}evaluation.json`));
    assertEquals(summary.about.photos, 6);
    assertEquals(summary.rows[0].chance, 0.5);
    const printed = await run(...args, "--out", out, "--json", "--quiet"); // all is taken from the journal
    assertEquals(JSON.parse(printed.stdout.text), summary);
    assertEquals(printed.stderr.text, "");
  });
});

Deno.test("evaluateCommand goes on after a photo that fails, and tells of it", async () => {
  await withPhotos(async (folder, options) => {
    await Deno.writeTextFile(`${folder}/photos/broken.png`, "no photo");
    const { code, stdout, stderr } = await run(
      `${folder}/photos`,
      ...options,
      "--limit",
      "3",
      "--controls",
      "none",
    );
    assertEquals(code, 1);
    assertStringIncludes(stderr.text, "broken.png");
    assertStringIncludes(stdout.text, "- 2 photos were measured (1 of 3 failed)");
    assert(!stdout.text.includes("(random)"));
  });
});

Deno.test("evaluateCommand --choose ranks quick methods, and says how sure it is", async () => {
  await withPhotos(async (folder, options) => {
    const metrics = ["--metrics", "deletion,sparseness"];
    const { code, stdout } = await run(
      `${folder}/photos`,
      ...options,
      "--choose",
      ...metrics,
      "--controls",
      "centre",
    );
    assertEquals(code, 0);
    assertMatch(stdout.text, /METHOD +LAYER +MEAN RANK +FIRST\n/);
    assertMatch(stdout.text, /- (Take .*: its mean rank is the best|Centre ranks before every method)/);
    assertMatch(stdout.text, /hirescam +features +\d\.\d\d +\d+ %/);
  });
});

Deno.test("evaluateCommand says how far it came when it is interrupted, and goes on there", async () => {
  await withPhotos(async (folder, options) => {
    const args = ["evaluate", `${folder}/photos`, ...options, "--out", `${folder}/out/`];
    const io = fakeIo({ columns: 80 });
    const write = io.stderr.write.bind(io.stderr);
    io.stderr.write = async (data) => {
      await write(data);
      if (String(data).includes("2/6")) io.interruption.abort();
    };
    assertEquals(await leavingNoTensors(() => main(args, io)), 130);
    assertStringIncludes(
      io.stderr.text,
      "gradcam: Interrupted: 2 of 6 photos done: the same command goes on there",
    );
    assertEquals(await namesIn(`${folder}/out`), ["results.ndjson"]);
    assertEquals((await run(...args.slice(1))).code, 0);
    const whole = await run(...args.slice(1, -1), `${folder}/whole/`);
    assertEquals(whole.code, 0);
    for (const name of await namesIn(`${folder}/whole`)) {
      const [one, other] = await Promise.all(
        ["out", "whole"].map((of) => Deno.readTextFile(`${folder}/${of}/${name}`)),
      );
      assertEquals(one, other, name);
    }
  });
});

Deno.test("evaluateCommand comes to the same bytes when it was killed", async () => {
  await withPhotos(async (folder, options) => {
    const args = (out: string) => [
      ...["run", "--allow-all", "--quiet", "--no-check", new URL("../../cli.ts", import.meta.url).pathname],
      ...[
        "evaluate",
        `${folder}/photos`,
        ...options,
        "--metrics",
        "deletion,insertion",
        "--jobs",
        "2",
        "--out",
        out,
      ],
    ];
    const start = (out: string) =>
      new Deno.Command(Deno.execPath(), { args: args(out), stdout: "null", stderr: "null" }).spawn();
    const journal = `${folder}/killed/results.ndjson`;
    const child = start(`${folder}/killed/`);
    while (true) { // until the first photo is done
      const lines = (await Deno.readTextFile(journal).catch(() => "")).split("\n").length - 1;
      if (lines >= 2) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill("SIGKILL");
    assertEquals((await child.status).code, 137);
    const before = await Deno.readTextFile(journal);
    assertEquals((await start(`${folder}/killed/`).status).code, 0);
    const { code } = await run(...args(`${folder}/whole/`).slice(6));
    assertEquals(code, 0);
    const whole = await Deno.readTextFile(`${folder}/whole/results.ndjson`);
    assert(whole.startsWith(before.slice(0, before.lastIndexOf("\n") + 1)));
    for (const name of await namesIn(`${folder}/whole`)) {
      const [one, other] = await Promise.all(
        ["killed", "whole"].map((of) => Deno.readTextFile(`${folder}/${of}/${name}`)),
      );
      assertEquals(one, other, name);
    }
  });
});

Deno.test("evaluateCommand refuses what does not go together, in one line", async (t) => {
  await withPhotos(async (folder, options) => {
    const given = [`${folder}/photos`, ...options];
    const cases: Record<string, [args: string[], code: number, message: string]> = {
      "standard input": [["-"], 2, "Cannot evaluate standard input: give photos as files, or their folder"],
      "standard output": [[...given, "--out", "-"], 2, "Cannot use --out -: name a folder"],
      "two models": [[...given, "--models", "a.json"], 2, "Cannot use --model with --models"],
      "controls": [[...given, "--controls", "none,random"], 2, '"none" stands alone'],
      "metric": [
        [...given, "--metrics", "deletion,insertoin"],
        2,
        'Cannot use --metrics "deletion,insertoin": use insertion',
      ],
      "match": [[...given, "--match", "dog"], 2, "use NAME=CLASS, such as dog=207"],
      "layer": [[...given, "--layers", "nowhere"], 1, "nowhere"],
      "truth": [[...given, "--truth", `${folder}/lost.json`], 1, "no such file"],
      "no folder": [[...given, "--out", `${folder}/lost`], 1, "end its name with / to have it made"],
    };
    for (const [name, [args, code, message]] of Object.entries(cases)) {
      await t.step(name, async () => {
        const result = await run(...args);
        assertEquals(result.code, code, result.stderr.text);
        assertStringIncludes(result.stderr.text, message);
        assertEquals(result.stderr.lines.length, 1, result.stderr.text);
      });
    }
  });
});
