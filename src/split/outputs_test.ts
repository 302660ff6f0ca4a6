import { assertEquals, assertThrows } from "@std/assert";
import type { LayerInfo, TensorInfo } from "./model.ts";
import { checkIsPicture, findOutput, pictureWarnings } from "./outputs.ts";

const outputs: readonly TensorInfo[] = [
  { name: "disease", shape: [null, 4] },
  { name: "mask", shape: [null, 12, 8, 2] },
  { name: "pixel", shape: [null, 1, 1, 2] },
  { name: "unknown", shape: [] },
];

function named(name: string): TensorInfo {
  return outputs.find((output) => output.name === name)!;
}

Deno.test("findOutput() finds an output by index or name", () => {
  assertEquals([findOutput(outputs, 1), findOutput(outputs, "mask"), findOutput(outputs, "disease")], [
    1,
    1,
    0,
  ]);
  assertThrows(
    () => findOutput(outputs, 4),
    RangeError,
    "Cannot find output 4: the model has outputs 0 to 3",
  );
  assertThrows(() => findOutput(outputs, -1), RangeError, "Cannot find output -1");
  assertThrows(
    () => findOutput(outputs, "masks"),
    RangeError,
    'Cannot find output "masks": the outputs are mask, disease, pixel, unknown',
  );
});

Deno.test("checkIsPicture() refuses regions of what is no picture", () => {
  checkIsPicture(named("mask"));
  checkIsPicture(named("unknown")); // computing it will tell
  for (const name of ["disease", "pixel"]) {
    assertThrows(
      () => checkIsPicture(named(name)),
      RangeError,
      `Cannot take a region of output "${name}" [?, `,
    );
  }
});

Deno.test("pictureWarnings() tells a map of the scores themselves", async (t) => {
  const layers = [
    { path: "inner", outputShape: [null, 6, 4, 16] },
    { path: "wide", outputShape: [null, 12, 8, 16] },
    { path: "last", outputShape: [null, 12, 8, 2] },
    { path: "any", outputShape: [null, null, null, 2] },
  ];
  const cases: readonly (readonly [string, string, { asked?: string; output?: string }, boolean])[] = [
    ["the picture itself", "last", { output: "mask" }, true],
    ["the picture itself, of any size", "any", { output: "mask" }, true],
    ["named by the user, who will know", "last", { output: "mask", asked: "last" }, false],
    ["an inner layer", "inner", { output: "mask" }, false],
    ["as large, but other channels", "wide", { output: "mask" }, false],
    ["classes", "last", {}, false],
  ];
  for (const [name, layer, { asked, output: of = "disease" }, isSaid] of cases) {
    await t.step(name, () => {
      const output = named(of);
      const warning =
        `Layer "${layer}" is the picture of scores itself, and so is its map: name an earlier layer`;
      assertEquals(
        pictureWarnings(output, layers as unknown as LayerInfo[], { taken: layer, asked }),
        isSaid ? [warning] : [],
      );
    });
  }
});
