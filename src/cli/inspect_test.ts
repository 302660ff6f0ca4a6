import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { zoo } from "../split/testing.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { runMain, withTempDir } from "./testing.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";

const folder = zoo.pathname;

Deno.test("inspectCommand says what a file holds", async (t) => {
  const cases: { file: string; lines: RegExp[] }[] = [
    {
      file: "preprocessing/keras3.keras",
      lines: [
        /^format +keras-zip$/m,
        /^writer +Keras 3\.\d+\.\d+$/m,
        /^input +image \[any, 12, 16, 3\]$/m,
        /^output +predictions \[any, 4\]$/m,
        /^maps +at all \d+ spatial layers, tried on wasm, 1 thread$/m,
        /^default +last$/m,
        /^note +RandomFlip: left out, it acts in training alone$/m,
        /^note +Normalization: computed as Keras does \(2 times\)$/m,
      ],
    },
    {
      file: "operations/keras2.h5",
      lines: [
        /^format +keras-h5$/m,
        /^writer +Keras 2\.15\.1$/m,
        /^note +multiply: an operation that the model recorded/m,
      ],
    },
  ];
  for (const { file, lines } of cases) {
    await t.step(file, async () => {
      const { code, stdout, stderr } = await leavingNoTensors(() =>
        runMain(["inspect", folder + file, "--backend", "wasm", "--threads", "1"])
      );
      assertEquals([code, stderr.text], [0, ""]);
      for (const line of lines) assertMatch(stdout.text, line);
    });
  }
});

Deno.test("inspectCommand prints JSON", async () => {
  const { code, stdout } = await leavingNoTensors(() =>
    runMain(["inspect", "--json", `${folder}transfer/keras3.h5`])
  );
  const { format, writer, defaultLayer, unreached, failing, finite, spatial } = JSON.parse(stdout.text);
  assertEquals([code, format, defaultLayer], [0, "keras-h5", "sep"]);
  assertEquals([unreached, failing, finite], [[], [], true]);
  assertStringIncludes(writer, "Keras 3");
  assertEquals(spatial.includes("backbone/conv"), true);
});

Deno.test("inspectCommand says of a model without maps that it has none", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder, { spatial: false, hasNumbers: false });
    const { code, stdout } = await leavingNoTensors(() => runMain(["inspect", model, "--backend", "cpu"]));
    assertEquals(code, 0);
    assertMatch(stdout.text, /^maps +none: no layer has a 4-D output$/m);
    assertMatch(stdout.text, /^default +none$/m);
  });
});

Deno.test("inspectCommand says that the scores are no numbers", async () => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder, { hasNumbers: false });
    const { code, stdout } = await leavingNoTensors(() => runMain(["inspect", model, "--backend", "cpu"]));
    assertEquals(code, 0);
    assertMatch(stdout.text, /^maps +at 1 of 1 spatial layer, tried on cpu$/m);
    assertMatch(stdout.text, /^scores +no numbers for a grey picture: check the weights$/m);
  });
});

Deno.test("inspectCommand refuses two models, and what is none", async () => {
  const twice = await runMain(["inspect", "a.keras", "--model", "b.keras"]);
  assertEquals([twice.code, twice.stderr.lines.length], [2, 1]);
  const none = await leavingNoTensors(() => runMain(["inspect", `${folder}transfer/golden.json`]));
  assertEquals(none.code, 1);
  assertStringIncludes(none.stderr.text, "it is no TensorFlow.js model");
});
