/** Models with a layer of somebody's own class, from the command line. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { runMain, withTempDir } from "./testing.ts";

const images = new URL("../../testdata/images/", import.meta.url).pathname;
const photos = ["plain.png", "grey.png"].map((name) => images + name);
const more = [{ class_name: "Custom>Wobble", config: { name: "wobble" } }];

Deno.test("--identity passes over layers of a class, in every command and in workers", async (t) => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder, { more });
    const option = ["--identity", "Wobble"];
    const explain = [...photos, "--model", model, "--preprocess", "unit", "--save", "none"];
    for (const args of [["layers", model], ["inspect", model], explain, [...explain, "--jobs", "2"]]) {
      await t.step(args.join(" ").replaceAll(folder, ""), async () => {
        const refused = await leavingNoTensors(() => runMain(args));
        assertEquals([refused.code, refused.stderr.lines.length], [1, 1]);
        assertStringIncludes(
          refused.stderr.text,
          'layer "wobble" is a "Wobble", which is no layer of Keras\'s own',
        );
        assertStringIncludes(refused.stderr.text, "--identity Wobble");
        const { code, stdout, stderr } = await leavingNoTensors(() => runMain([...args, ...option]));
        assertEquals([code, stderr.text], [0, ""]);
        assertStringIncludes(stdout.text, "wobble");
      });
    }
  });
});

Deno.test("--identity with a class that the model does not have is an error", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder, { more });
    const { code, stderr } = await runMain(["layers", model, "--identity", "Wobbly"]);
    assertEquals([code, stderr.lines.length], [1, 1]);
    assertStringIncludes(stderr.text, 'it has no layer of the class "Wobbly"');
    assertStringIncludes(stderr.text, "the nearest are Wobble");
  });
});

Deno.test("a layer that is taken to do nothing is named, once for all photos", async () => {
  await withTempDir(async (folder) => {
    const known = more.map((layer) => ({ ...layer, class_name: "CastToFloat32" }));
    const model = await writeTinyModel(folder, { more: known });
    const args = [...photos, "--model", model, "--preprocess", "unit", "--save", "none"];
    const { code, stderr } = await leavingNoTensors(() => runMain(args));
    const note = 'note: opened "wobble" (CastToFloat32) as a layer that leaves its input as it is';
    assertEquals([code, stderr.lines[0]], [0, note]);
    assertEquals(stderr.text.split(note).length, 2);
    assertEquals((await runMain([...args, "--quiet"])).stderr.text, "");
  });
});
