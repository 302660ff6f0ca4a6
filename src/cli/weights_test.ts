/** Models in two files from the command line, and handed to workers. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { openFolder } from "../formats/folder.ts";
import { openModelFolder } from "../formats/mod.ts";
import { folderOf, RecordingFolder } from "../jobs/shared_model.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import { namesIn, runMain, withTempDir } from "./testing.ts";

const photo = new URL("images/plain.png", testdata).pathname;
const [json, weights] = await Promise.all(
  ["keras1/nested.json", "keras1/nested_weights.h5"].map((name) => Deno.readFile(new URL(name, testdata))),
);

/** A folder with an architecture and two files of weights, of which one is its own. */
async function withHalves(use: (folder: string) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    await Deno.writeFile(`${folder}/net.json`, json!);
    await Deno.writeFile(`${folder}/a.h5`, weights!);
    await Deno.copyFile(new URL("zoo/transfer/keras2.h5", testdata), `${folder}/b.h5`);
    await use(folder);
  });
}

Deno.test("--weights names the weights of an architecture", async (t) => {
  await withHalves(async (folder) => {
    const model = `${folder}/net.json`;
    const own = ["--weights", `${folder}/a.h5`];
    await t.step("layers", async () => {
      const { code, stdout, stderr } = await leavingNoTensors(() => runMain(["layers", model, ...own]));
      assertEquals([code, stderr.text], [0, ""]);
      assertMatch(stdout.text, /\nout_relu +Activation +8 × 11 × 5 +1 +0 +default\n/);
    });
    await t.step("inspect", async () => {
      const { code, stdout } = await runMain(["inspect", model, ...own, "--backend", "cpu"]);
      assertEquals(code, 0);
      assertMatch(stdout.text, /^format +keras-json\nwriter +Keras 1\.2\.2\n/);
    });
    await t.step("explain", async () => {
      const out = ["--out", `${folder}/map.png`, "--preprocess", "unit", "--backend", "cpu"];
      const { code } = await runMain([photo, "--model", model, ...own, ...out]);
      assertEquals([code, (await namesIn(folder)).includes("map.png")], [0, true]);
    });
    await t.step("needed where there are several", async () => {
      const { code, stderr } = await runMain(["layers", model]);
      assertEquals(code, 1);
      assertStringIncludes(stderr.text, 'which may be in "a.h5", "b.h5": name one with weights (--weights)');
    });
    await t.step("not there", async () => {
      const { code, stderr } = await runMain(["layers", model, "--weights", `${folder}/c.h5`]);
      assertEquals([code, stderr.text], [1, `gradcam: Cannot open weights "${folder}/c.h5": no such file\n`]);
    });
  });
});

Deno.test("workers open a model in two files from what was read once", async (t) => {
  await tryBackend("cpu");
  await withHalves(async (folder) => {
    await Deno.writeFile(`${folder}/net.weights.h5`, weights!);
    const ways: Record<string, [string, string | undefined]> = {
      "weights beside the architecture": ["net.json", undefined],
      "an architecture beside the weights": ["net.weights.h5", undefined],
      "weights that are named": ["net.json", `${folder}/a.h5`],
    };
    for (const [name, [file, weights]] of Object.entries(ways)) {
      await t.step(name, () =>
        leavingNoTensors(async () => {
          const recording = new RecordingFolder(await openFolder(`${folder}/${file}`, { weights }));
          (await openModelFolder(recording)).dispose();
          const model = await openModelFolder(folderOf(structuredClone(recording.shared())));
          assertEquals([model.format, model.split().layer], ["keras-json", "out_relu"]);
          model.dispose();
        }));
    }
  });
});
