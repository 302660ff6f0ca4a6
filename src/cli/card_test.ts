import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { namesIn, runMain, withTempDir } from "./testing.ts";

const photo = new URL("images/plain.png", testdata).pathname;

async function withModel(run: (options: string[], out: string) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    const model = await writeTinyModel(folder);
    await run(["--model", model, "--preprocess", "unit", "--backend", "cpu", "--out", `${out}/`], out);
  });
}

const cardFiles = ["plain.card.html", "plain.card.json", "plain.card.png"];

Deno.test("--card writes a picture, HTML and JSON, and says the verdict", async () => {
  await withModel(async (options, out) => {
    const { code, stdout, stderr } = await leavingNoTensors(() =>
      runMain([photo, ...options, "--card", "--json"])
    );
    assertEquals([code, stderr.text], [0, ""]);
    assertEquals(await namesIn(out), cardFiles);
    const { card, saved } = JSON.parse(stdout.text);
    const record = JSON.parse(await Deno.readTextFile(`${out}/plain.card.json`));
    assertEquals(card, record);
    assertMatch(record.origin.modelHash, /^[0-9a-f]{64}$/);
    assertEquals(saved.map(({ kind }: { kind: string }) => kind), ["card", "card", "card"]);
    assertStringIncludes(await Deno.readTextFile(`${out}/plain.card.html`), record.verdict.title);

    const skipped = await runMain([photo, ...options, "--card", "--skip-existing"]);
    assertEquals([skipped.code, skipped.stdout.text], [0, ""]);
    await Deno.remove(`${out}/plain.card.html`);
    const again = await runMain([photo, ...options, "--card", "--skip-existing", "--save", "overlay"]);
    assertEquals(again.code, 0);
    assertStringIncludes(again.stdout.text, `\n  ${record.verdict.title}: `);
    assertEquals(await namesIn(out), [...cardFiles, "plain.gradcam.png"]);
  });
});

Deno.test("--card refuses what is not one map", async (t) => {
  const cases: readonly (readonly [string[], string])[] = [
    [["--top", "2"], "Cannot use --card with several of --top"],
    [["--class", "ant", "--class", "bee"], "Cannot use --card with several of --class"],
    [["--method", "gradcam,layercam"], "Cannot use --card with several of --method"],
    [["--augment"], "Cannot use --card with --augment"],
    [["--out", "-"], 'Cannot use --out "-"'],
    [["--out", "one.png"], "there are 3 things to save: name a folder"],
    [["--jobs", "2", photo], "Cannot use --jobs 2: trust cards are made one after another"],
  ];
  for (const [args, message] of cases) {
    await t.step(args.join(" "), async () => {
      const { code, stderr } = await runMain([photo, "--card", ...args]);
      assertEquals(code, 2, stderr.text);
      assert(stderr.lines.length === 1 && stderr.text.includes(message), stderr.text);
    });
  }
});
