import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Attributes } from "../attributes.ts";
import type { AttributeProto } from "../model_proto.ts";
import type { NumberArray } from "./array.ts";
import type { FoldRequest } from "./folder.ts";
import { normalizationFolders } from "./normalization.ts";

function array(shape: readonly number[], numbers: readonly number[]): NumberArray {
  return { type: "float32", shape, numbers: Float32Array.from(numbers) };
}

function request(
  arrays: readonly (NumberArray | undefined)[],
  attributes: Readonly<Record<string, Partial<AttributeProto>>>,
  { outputs = 1, opset = 17 } = {},
): FoldRequest {
  const known = new Map(Object.entries(attributes).map(([name, own]) => [name, own as AttributeProto]));
  return { arrays, attributes: new Attributes(known), opset, outputs };
}

function assertNumbers(
  actual: NumberArray | undefined,
  shape: readonly number[],
  expected: readonly number[],
): void {
  assertEquals(actual!.shape, shape);
  assertEquals(actual!.numbers.length, expected.length);
  expected.forEach((value, at) => assertAlmostEquals(actual!.numbers[at]!, value, 1e-6));
}

Deno.test("batch norms of constants take their own statistics in training, as weights are standardised", () => {
  const batchNorm = normalizationFolders["BatchNormalization"]!;
  const kernel = array([1, 2, 2], [1, 3, 10, 20]), vectors = [[2, 3], [1, 0], [100, 100], [4, 9]];
  const arrays = [kernel, ...vectors.map((vector) => array([2], vector))];
  const epsilon = { float: 0 }, training = { int: 1 };
  const [own] = batchNorm(request(arrays, { epsilon, training_mode: training }));
  assertNumbers(own, [1, 2, 2], [-1, 3, -3, 3]);
  const [given] = batchNorm(request(arrays, { epsilon }));
  assertNumbers(given, [1, 2, 2], [-98, -96, -90, -80]);
  const momentum = { float: 0.75 };
  const all = batchNorm(request(arrays, { epsilon, momentum, training_mode: training }, { outputs: 3 }));
  assertNumbers(all[1], [2], [75.5, 78.75]); // 100 · ¾ + 2 · ¼, and with 15
  assertNumbers(all[2], [2], [3.25, 13]); // 4 · ¾ + 1 · ¼, and 9 · ¾ + 25 · ¼
  assertNumbers(batchNorm(request(arrays, { epsilon }, { outputs: 3, opset: 9 }))[0], [1, 2, 2], [
    -1,
    3,
    -3,
    3,
  ]);
});

Deno.test("layer norms of constants are over the last axes, or over those that are named", () => {
  const x = array([2, 2], [1, 3, 10, 20]), epsilon = { float: 0 };
  const layerNorm = normalizationFolders["LayerNormalization"]!;
  assertNumbers(layerNorm(request([x], { epsilon }))[0], [2, 2], [-1, 1, -1, 1]);
  assertNumbers(layerNorm(request([x], { epsilon, axes: { ints: [0] } }))[0], [2, 2], [-1, -1, 1, 1]);
  const scaled = [x, array([2], [2, 4]), array([2, 1], [0, 10])];
  assertNumbers(layerNorm(request(scaled, { epsilon }))[0], [2, 2], [-2, 4, 8, 14]);
  const roots = normalizationFolders["RMSNormalization"]!;
  assertNumbers(roots(request([array([1, 2], [1, 7])], { epsilon }))[0], [1, 2], [0.2, 1.4]);
});
