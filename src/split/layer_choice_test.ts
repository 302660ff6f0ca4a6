/** Which layer is taken where none is named, by the list of layers alone. */
import { assertEquals } from "@std/assert";
import { chooseLayer } from "./layer_choice.ts";
import type { LayerInfo } from "./model.ts";

function layer(
  path: string,
  kind: string,
  outputShape: LayerInfo["outputShape"],
  before?: number,
): LayerInfo {
  const tokens = before === undefined ? undefined : { height: 4, width: 4, before, after: 0 };
  return { path, kind, outputShape, parent: "", parameters: undefined, stride: [8, 8], tokens };
}

const picture = (path: string) => layer(path, "Conv", [null, 4, 4, 8]);
const tokens = (path: string, before = 0) => layer(path, "Add", [null, 16 + before, 8], before);
const vector = (path: string) => layer(path, "Gemm", [null, 5]);

interface Case {
  readonly name: string;
  readonly layers: readonly LayerInfo[];
  /** What goes into blocks of attention, the last first. */
  readonly blocks?: readonly string[];
  readonly expected: string;
}

const cases: readonly Case[] = [
  {
    name: "a transformer: what goes into its last block",
    layers: [picture("patches"), tokens("one", 1), tokens("two", 1), tokens("norm", 1), vector("head")],
    blocks: ["two", "one"],
    expected: "two",
  },
  {
    name: "blocks of the class token alone are passed over, as of CaiT",
    layers: [
      picture("patches"),
      tokens("one"),
      tokens("two"),
      vector("class"),
      tokens("norm", 1),
      vector("head"),
    ],
    blocks: ["class", "two", "one"],
    expected: "two",
  },
  {
    name: "tokens without attention, as of an MLP-Mixer: the last of them",
    layers: [picture("patches"), tokens("one"), tokens("two"), tokens("norm"), vector("head")],
    expected: "norm",
  },
  {
    name:
      "where a class token is among them and no attention was found: the picture, since behind it may count that token alone",
    layers: [picture("patches"), tokens("one", 1), tokens("two", 1), vector("head")],
    expected: "patches",
  },
  {
    name: "a convolutional network whose last picture is looked at as tokens",
    layers: [
      picture("one"),
      picture("two"),
      picture("three"),
      tokens("flat"),
      tokens("scaled"),
      vector("head"),
    ],
    expected: "three",
  },
  {
    name: "a picture behind the last block, as of a pyramid",
    layers: [picture("patches"), tokens("one"), picture("down"), vector("head")],
    blocks: ["one"],
    expected: "down",
  },
  {
    name: "tokens alone",
    layers: [tokens("one", 1), tokens("two", 1), vector("head")],
    expected: "two",
  },
];

Deno.test("chooseLayer() takes the last layer in which the whole picture still counts", async (t) => {
  for (const { name, layers, blocks = [], expected } of cases) {
    await t.step(name, () => {
      const transformer = { blockInputs: () => blocks };
      assertEquals(chooseLayer(layers, undefined, { transformer }).path, expected);
    });
  }
});
