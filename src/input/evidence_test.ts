import { assertEquals, assertStringIncludes } from "@std/assert";
import { choosePreprocessing, describeScaling, type PixelEvidence, timesText, toldBy } from "./evidence.ts";
import { type Preprocessing, preprocessings } from "./preprocess.ts";

const { tf, unit, torch, caffe, none } = preprocessings;

function batchNorm(
  preprocessing: Preprocessing,
  runnerUp: Preprocessing,
  { margin = 44, ...rest }: Partial<PixelEvidence> = {},
): PixelEvidence {
  const because = 'batch norm "bn" saw in training';
  return { source: "batch-norm", preprocessing, runnerUp, because, margin, isSure: margin >= 2, ...rest };
}

function named(preprocessing: Preprocessing, isSure = false): PixelEvidence {
  const because = "its layers are those of Such";
  return { source: "name", preprocessing, because, margin: 1, isSure, isTakenOver: !isSure };
}

const layers: PixelEvidence = {
  ...toldBy("", none),
  source: "layers",
  because: "the model scales them itself",
};
const cropped: Preprocessing = { ...tf, name: "cropped", fit: "crop" };

Deno.test("choosePreprocessing() weighs what is known", async (t) => {
  const cases: readonly {
    readonly name: string;
    readonly evidence: readonly PixelEvidence[];
    readonly dtype?: string;
    readonly chosen: string;
    readonly note?: string;
    readonly warning?: string;
  }[] = [
    { name: "nothing", evidence: [], chosen: "unit", warning: "they are scaled to 0 … 1; if it was trained" },
    { name: "whole numbers", evidence: [], dtype: "int32", chosen: "none" },
    {
      name: "a file before all",
      evidence: [layers, batchNorm(tf, unit), toldBy("a file", torch)],
      chosen: "torch",
    },
    {
      name: "the model's own layers before a batch norm",
      evidence: [batchNorm(tf, unit), layers],
      chosen: "none",
    },
    {
      name: "a batch norm that is sure",
      evidence: [batchNorm(tf, unit)],
      chosen: "tf",
      note: 'Pixels are scaled to −1 … 1, as batch norm "bn" saw in training: 44 times nearer than 0 … 1',
    },
    {
      name: "a batch norm that is sure, against a name",
      evidence: [named(tf), batchNorm(unit, tf)],
      chosen: "unit",
      note: "nearer than −1 … 1, though its layers are those of Such (−1 … 1)",
    },
    {
      name: "a batch norm in doubt",
      evidence: [batchNorm(tf, unit, { margin: 1.3 })],
      chosen: "tf",
      warning: 'scaled to −1 … 1, as batch norm "bn" saw in training: 1.3 times nearer than 0 … 1; if',
    },
    {
      name: "a batch norm that does not tell the order of colours",
      evidence: [batchNorm(unit, { ...unit, name: "unit-bgr", channels: "bgr" }, { margin: 1 })],
      chosen: "unit",
      warning: 'scaled to 0 … 1, as batch norm "bn" saw in training, or to 0 … 1, blue first; if it was',
    },
    {
      name: "a batch norm in doubt with a name",
      evidence: [batchNorm(tf, unit, { margin: 1.3 }), named(tf)],
      chosen: "tf",
      note: "1.3 times nearer",
    },
    {
      name: "a batch norm in doubt, its next best with a name",
      evidence: [batchNorm(tf, unit, { margin: 1.3 }), named(unit)],
      chosen: "unit",
      warning: 'as its layers are those of Such, though batch norm "bn" saw in training (−1 … 1)',
    },
    {
      name: "a frozen batch norm, which a name says nothing more of",
      evidence: [batchNorm(tf, unit, { isSure: false, isTakenOver: true }), named(tf)],
      chosen: "tf",
      warning: "scaled to −1 … 1",
    },
    {
      name: "a frozen batch norm in a network that is always trained so, with the way to fit photos",
      evidence: [batchNorm(tf, unit, { isSure: false, isTakenOver: true }), named(cropped, true)],
      chosen: "cropped",
      note: "scaled to −1 … 1",
    },
    {
      name: "a name alone",
      evidence: [named(caffe)],
      chosen: "caffe",
      warning: "as its layers are those of Such; if",
    },
  ];
  for (const { name, evidence, dtype, chosen, note = "", warning = "" } of cases) {
    await t.step(name, () => {
      const choice = choosePreprocessing(evidence, dtype);
      assertEquals(choice.preprocessing.name, chosen);
      assertStringIncludes(choice.note, note);
      assertStringIncludes(choice.warning, warning);
      assertEquals([choice.note === "", choice.warning === ""], [note === "", warning === ""]);
    });
  }
});

Deno.test("describeScaling() says what becomes of pixels", () => {
  const cases: readonly (readonly [Preprocessing, string])[] = [
    [tf, "−1 … 1"],
    [unit, "0 … 1"],
    [none, "0 … 255"],
    [caffe, "blue, green, red less ImageNet's mean"],
    [{ ...unit, name: "own", channels: "bgr" }, "0 … 1, blue first"],
    [{ name: "own", mean: [127], std: [128] }, "(v − [127]) / [128]"],
  ];
  for (const [preprocessing, text] of cases) assertEquals(describeScaling(preprocessing), text);
});

Deno.test("timesText() rounds as people do", () => {
  assertEquals([1.34, 44.4, 4000].map(timesText), ["1.3 times", "44 times", "over 1,000 times"]);
});
