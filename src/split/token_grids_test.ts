import { assertEquals } from "@std/assert";
import type { TokenGrid } from "../base/token_grid.ts";
import { findTokenGrids, type TokenValue } from "./token_grids.ts";

/** A value of a kind and a shape, computed from others. */
type Row = readonly [
  id: string,
  kind: string,
  shape: number[],
  inputs: readonly (string | number[])[],
  axis?: number | undefined,
  factor?: readonly [number, number],
];

/** A picture of 12 rows and 16 columns, and patches of 4 by 4. */
const patches: readonly Row[] = [["patches", "Conv2D", [1, 3, 4, 8], ["picture"]]];

function find(rows: readonly Row[]): Record<string, TokenGrid | undefined> {
  const shapes = new Map<string, number[]>([["picture", [1, 12, 16, 3]]]);
  for (const [id, , shape] of rows) shapes.set(id, shape);
  const values = rows.map(([id, kind, shape, inputs, axis, factor]): TokenValue => ({
    id,
    kind,
    shape,
    inputs: inputs.map((input) => typeof input === "string" ? input : undefined),
    inputShapes: inputs.map((input) => typeof input === "string" ? shapes.get(input) : input),
    axis,
    factor,
  }));
  const strides = new Map([["picture", [1, 1] as const], ["patches", [4, 4] as const]]);
  return Object.fromEntries([...findTokenGrids(values, strides)].map(([id, { tokens }]) => [id, tokens]));
}

const grid = (before: number, after = 0): TokenGrid => ({ height: 3, width: 4, before, after });

Deno.test("findTokenGrids() follows patches through a network", async (t) => {
  const cases: readonly {
    name: string;
    rows: readonly Row[];
    found: Record<string, TokenGrid | undefined>;
  }[] = [
    {
      name: "no token but patches",
      rows: [["tokens", "Reshape", [1, 12, 8], ["patches"]], ["block", "Add", [1, 12, 8], ["tokens"]]],
      found: { tokens: grid(0), block: grid(0) },
    },
    {
      name: "channels first on the way",
      rows: [["flat", "Reshape", [1, 8, 12], ["patches"]], ["tokens", "Transpose", [1, 12, 8], ["flat"]]],
      found: { tokens: grid(0) },
    },
    {
      name: "a constant class token, joined",
      rows: [
        ["tokens", "Reshape", [1, 12, 8], ["patches"]],
        ["all", "Concatenate", [1, 13, 8], [[1, 1, 8], "tokens"], 1],
        ["block", "Add", [1, 13, 8], ["all"]],
      ],
      found: { tokens: grid(0), all: grid(1), block: grid(1) },
    },
    {
      name: "registers behind, a class token before",
      rows: [
        ["tokens", "Reshape", [1, 12, 8], ["patches"]],
        ["all", "ConcatV2", [1, 17, 8], [[1, 1, 8], "tokens", [1, 4, 8]], 1],
      ],
      found: { tokens: grid(0), all: grid(1, 4) },
    },
    {
      name: "in two steps",
      rows: [
        ["tokens", "Reshape", [1, 12, 8], ["patches"]],
        ["one", "Concat", [1, 14, 8], ["tokens", [1, 2, 8]], -2],
        ["all", "Concat", [1, 15, 8], [[1, 1, 8], "one"], 1],
        ["dropped", "StridedSlice", [1, 12, 8], ["all"]],
      ],
      found: { tokens: grid(0), one: grid(0, 2), all: grid(1, 2), dropped: grid(0) },
    },
    {
      name: "something of an author's own puts one before",
      rows: [["tokens", "Reshape", [1, 12, 8], ["patches"]], ["all", "ClassToken", [1, 13, 8], ["tokens"]]],
      found: { tokens: grid(0), all: grid(1) },
    },
    {
      name: "attention comes back",
      rows: [
        ["tokens", "Reshape", [1, 12, 8], ["patches"]],
        ["all", "Concat", [1, 13, 8], [[1, 1, 8], "tokens"], 1],
        ["heads", "Reshape", [1, 13, 2, 4], ["all"]],
        ["turned", "Transpose", [1, 2, 13, 4], ["heads"]],
        ["scores", "MatMul", [1, 2, 13, 13], ["turned", "turned"]],
        ["seen", "MatMul", [1, 2, 13, 4], ["scores", "turned"]],
        ["back", "Reshape", [1, 13, 8], ["seen"]],
      ],
      found: { tokens: grid(0), all: grid(1), back: grid(1) },
    },
    {
      name: "tokens of every other row and column look at all",
      rows: [
        ["tokens", "Reshape", [1, 12, 8], ["patches"]],
        ["picture again", "Reshape", [1, 3, 4, 8], ["tokens"]],
        ["every other", "Slice", [1, 2, 2, 8], ["picture again"], undefined, [2, 2]],
        ["few", "Reshape", [1, 4, 8], ["every other"]],
        ["queries", "Reshape", [1, 4, 2, 4], ["few"]],
        ["keys", "Reshape", [1, 12, 2, 4], ["tokens"]],
        ["scores", "MatMul", [1, 2, 4, 12], ["queries", "keys"]],
        ["seen", "MatMul", [1, 2, 4, 4], ["scores", "keys"]],
        ["back", "Reshape", [1, 4, 8], ["seen"]],
      ],
      found: {
        tokens: grid(0),
        "picture again": undefined,
        "every other": undefined,
        few: { height: 2, width: 2, before: 0, after: 0 },
        back: { height: 2, width: 2, before: 0, after: 0 },
      },
    },
    {
      name: "a mixer of tokens",
      rows: [
        ["tokens", "Reshape", [1, 12, 15], ["patches"]],
        ["turned", "Permute", [1, 15, 12], ["tokens"]],
        ["mixed", "Dense", [1, 15, 12], ["turned"]],
        ["back", "Permute", [1, 12, 15], ["mixed"]],
      ],
      found: { tokens: grid(0), back: grid(0) },
    },
    {
      name: "windows, and a picture again",
      rows: [
        ["pairs", "Reshape", [2, 6, 8], ["patches"]],
        ["whole", "Reshape", [1, 3, 4, 8], ["pairs"]],
        ["tokens", "Reshape", [1, 12, 8], ["whole"]],
      ],
      found: { whole: undefined, tokens: grid(0) },
    },
    {
      name: "a vector is no token",
      rows: [["tokens", "Reshape", [1, 12, 8], ["patches"]], ["first", "Slice", [1, 8], ["tokens"]], [
        "row",
        "Slice",
        [1, 1, 8],
        ["tokens"],
      ]],
      found: { tokens: grid(0) },
    },
  ];
  for (const { name, rows, found } of cases) {
    await t.step(name, () => assertEquals(find([...patches, ...rows]), found));
  }
});
