import { assertEquals } from "@std/assert";
import { planReshape } from "./layout.ts";

/** A reshaping, and how it is done. */
interface Case {
  readonly what: string;
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly target: readonly number[];
  /** The order that is needed; as it is stored if left out. */
  readonly before?: readonly number[];
  readonly after: readonly number[];
}

const picture = [0, 2, 3, 1];

const cases: readonly Case[] = [
  { what: "pixels become tokens", shape: [1, 8, 3, 5], axes: picture, target: [1, 8, 15], after: [0, 2, 1] },
  { what: "one pixel is flattened", shape: [1, 8, 1, 1], axes: picture, target: [1, 8], after: [0, 1] },
  {
    what: "a picture is flattened",
    shape: [1, 8, 3, 5],
    axes: picture,
    target: [1, 120],
    before: [0, 1, 2, 3],
    after: [0, 1],
  },
  {
    what: "channels in groups",
    shape: [1, 8, 3, 5],
    axes: picture,
    target: [1, 2, 4, 3, 5],
    after: [0, 3, 4, 1, 2],
  },
  {
    what: "shuffled channels",
    shape: [1, 4, 2, 3, 5],
    axes: [0, 3, 4, 2, 1],
    target: [1, 8, 3, 5],
    before: [0, 3, 4, 1, 2],
    after: picture,
  },
  { what: "heads", shape: [1, 15, 12], axes: [0, 1, 2], target: [1, 15, 3, 4], after: [0, 1, 2, 3] },
  {
    what: "pictures that stand second",
    shape: [15, 1, 12],
    axes: [1, 0, 2],
    target: [15, 12],
    after: [0, 1],
  },
  {
    what: "windows that have to be moved",
    shape: [1, 2, 3, 4, 4, 8],
    axes: [0, 1, 3, 2, 4, 5],
    target: [6, 16, 8],
    before: [0, 1, 2, 3, 4, 5],
    after: [0, 1, 2],
  },
  {
    what: "windows that make a picture again",
    shape: [6, 16, 8],
    axes: [0, 1, 2],
    target: [1, 2, 3, 4, 4, 8],
    after: [0, 1, 2, 3, 4, 5],
  },
  {
    what: "an axis in front",
    shape: [1, 8, 3, 5],
    axes: picture,
    target: [1, 1, 8, 3, 5],
    after: [0, 1, 3, 4, 2],
  },
];

Deno.test("planReshape() moves nothing that need not be moved", async (t) => {
  for (const { what, shape, axes, target, before = axes, after } of cases) {
    await t.step(what, () => assertEquals(planReshape({ shape, axes }, target), { before, axes: after }));
  }
});
