/** Outputs of one unit, from the command line. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { buildLogitUnit, writeModel } from "../testing/tiny_model.ts";
import { runMain, withTempDir } from "./testing.ts";

const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;

/** The options for a model of one unit without an activation, and files of labels beside it. */
async function withUnit(
  bias: number,
  use: (options: string[], folder: string) => Promise<void>,
): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await withTempDir(async (folder) => {
    const model = buildLogitUnit(bias);
    await writeModel(model, folder);
    model.dispose();
    await Deno.writeTextFile(`${folder}/two.txt`, "cat\ndog\n");
    await Deno.writeTextFile(`${folder}/one.txt`, "age\n");
    await Deno.writeTextFile(`${folder}/three.json`, '["a", "b", "c"]');
    const options = ["--model", `${folder}/model.json`, "--preprocess", "unit", "--backend", "cpu"];
    await use([...options, "--out", `${folder}/out/`], folder);
  });
}

async function run(...args: string[]) {
  return await leavingNoTensors(() => runMain([photo, ...args]));
}

Deno.test("explainCommand names both classes of a logit, and says its probability", async (t) => {
  for (const [bias, likelier, other] of [[3, "dog (0)", "cat (1)"], [-5, "cat (1)", "dog (0)"]] as const) {
    await withUnit(bias, async (options, folder) => {
      const labels = ["--labels", `${folder}/two.txt`];
      await t.step(likelier, async () => {
        const { code, stdout, stderr } = await run(...options, ...labels);
        assertEquals([code, stderr.lines.length], [0, 1], stderr.text);
        assertStringIncludes(stdout.text, `: ${likelier} `);
        assertMatch(stdout.text, /\) \d\.\d{3} \(probability (0\.9\d\d|1\.000)\), looked mostly at the/);
        assertStringIncludes(stderr.text, 'read as the logit of "dog", the second, as Keras numbers classes');
      });
      await t.step(`${other}, by name`, async () => {
        const name = other.split(" ")[0]!;
        const { code, stdout } = await run(...options, ...labels, "--class", name, "--quiet", "--json");
        const { maps: [map], unit, scores } = JSON.parse(stdout.text);
        assertEquals([code, map.label, unit], [0, name, "logit"]);
        assertEquals(map.score < 0 && map.probability < 0.1, true, stdout.text);
        assertEquals(scores[0].score, -map.score);
      });
      await t.step("both, as all renderings", async () => {
        const given = ["--top", "2", "--save", "overlay,panel,json", "--score", "logit"];
        const { code, stdout, stderr } = await run(...options, ...labels, ...given);
        assertEquals([code, stderr.lines.length], [0, 1], stderr.text);
        assertMatch(stdout.text, /probability.*; .*probability/);
      });
      await t.step("workers too", async () => {
        const images = new URL("./", `file://${photo}`).pathname;
        const args = [`${images}plain.jpg`, "--jobs", "2", "--json", ...options, ...labels];
        const { code, stdout } = await run(...args.filter((arg) => arg !== "--backend" && arg !== "cpu"));
        assertEquals(code, 0);
        for (const line of stdout.lines) {
          const { maps: [map], unit } = JSON.parse(line);
          assertEquals([map.label, unit, map.probability > 0.9], [likelier.split(" ")[0], "logit", true]);
        }
        assertEquals(stdout.lines.length, 2);
      });
      await t.step("labels beside the model", async () => {
        await Deno.copyFile(`${folder}/two.txt`, `${folder}/labels.txt`);
        const { code, stdout } = await run(...options);
        assertEquals(code, 0);
        assertStringIncludes(stdout.text, `: ${likelier} `);
      });
    });
  }
});

Deno.test("explainCommand says in one line that a regression has no such class", async (t) => {
  await withUnit(3, async (options, folder) => {
    await t.step("it is named", async () => {
      const { code, stdout, stderr } = await run(...options);
      assertEquals([code, stderr.text], [0, ""]);
      assertMatch(stdout.text, /: regression \d\.\d{3}, looked mostly at/);
      const labelled = await run(...options, "--labels", `${folder}/one.txt`, "--class", "age");
      assertEquals([labelled.code, labelled.stderr.text], [0, ""]);
      assertMatch(labelled.stdout.text, /: age \(0\) \d\.\d{3}, looked mostly at/);
    });
    const cases: readonly (readonly [args: string[], line: string])[] = [
      [["--class", "dog"], 'Cannot find class "dog": the model gives one number without a label'],
      [["--class", "1"], "Cannot explain class 1: the model has classes 0 to 0, for it gives one number"],
      [
        ["--class", "dog", "--labels", `${folder}/one.txt`],
        'Cannot find class "dog": the nearest are age',
      ],
      [
        ["--class", "1", "--labels", `${folder}/one.txt`],
        "Cannot explain class 1: the model has classes 0 to 0",
      ],
      [["--class", "c", "--labels", `${folder}/three.json`], 'Cannot find class "c": '],
      [
        ["--class", "2", "--labels", `${folder}/two.txt`],
        "Cannot explain class 2: the model has classes 0 to 1",
      ],
      [["--class", "cow", "--labels", `${folder}/two.txt`], 'Cannot find class "cow": the nearest are '],
    ];
    for (const [args, line] of cases) {
      await t.step(args.slice(0, 2).join(" "), async () => {
        const { code, stdout, stderr } = await run(...options, ...args);
        assertEquals([code > 0, stdout.text, stderr.lines.length], [true, "", 1], stderr.text);
        assertStringIncludes(stderr.text, line);
      });
    }
  });
});

Deno.test("inspectCommand says how one unit is read", async () => {
  await withUnit(3, async (_options, folder) => {
    const inspect = async (...args: string[]) =>
      (await leavingNoTensors(() =>
        runMain(["inspect", `${folder}/model.json`, "--backend", "cpu", ...args])
      ))
        .stdout.text;
    assertMatch(
      await inspect(),
      /^unit +unit: one number, a regression; with two labels it is read as a logit, above 0 the second/m,
    );
    assertMatch(
      await inspect("--labels", `${folder}/two.txt`),
      /^unit +unit: one logit: above 0 it is "dog", the second label, as Keras numbers classes \(class 0 here\); below 0 "cat"/m,
    );
    const { units } = JSON.parse(await inspect("--labels", `${folder}/two.txt`, "--json"));
    const [{ output, unit, classes, description }] = units;
    assertEquals([units.length, output, unit, classes], [1, "unit", "logit", ["dog", "cat"]]);
    assertStringIncludes(description, "one logit: above 0");
  });
});
