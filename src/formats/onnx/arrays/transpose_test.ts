import { assertEquals } from "@std/assert";
import { forEachPlace, stepsOf } from "./array.ts";
import { transposeInto, transposeRows } from "./transpose.ts";

/** Shapes and orders of their axes; the last are of more numbers than are moved at a time. */
const cases: readonly (readonly [shape: readonly number[], order: readonly number[]])[] = [
  [[], []],
  [[5], [0]],
  [[3, 4], [1, 0]],
  [[3, 1, 4], [2, 1, 0]],
  [[0, 4], [1, 0]],
  [[2, 3, 4, 5], [2, 3, 1, 0]],
  [[2, 3, 4, 5], [0, 2, 3, 1]],
  [[2, 3, 4, 5], [1, 0, 3, 2]],
  [[40, 70, 3, 5], [2, 3, 1, 0]],
  [[130, 1000], [1, 0]],
  [[3, 50_000], [1, 0]],
  [[7, 11, 2000], [1, 2, 0]],
];

/** Each number looked up by itself. */
function lookedUp(numbers: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const result = new Float32Array(numbers.length), steps = stepsOf(shape);
  forEachPlace(order.map((axis) => shape[axis]!), order.map((axis) => steps[axis]!), (place, index) => {
    result[index] = numbers[place]!;
  });
  return result;
}

Deno.test("transposeInto() puts each number where it belongs", () => {
  for (const [shape, order] of cases) {
    const numbers = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => at);
    const target = new Float32Array(numbers.length);
    transposeInto(target, numbers, shape, order);
    assertEquals(target, lookedUp(numbers, shape, order), `[${shape}] by [${order}]`);
  }
});

Deno.test("transposeRows() asks for each row once, a few at a time", () => {
  const shape = [2000, 30, 9], asked: number[][] = [];
  const rows = (first: number, count: number) => {
    asked.push([first, count]);
    return new Float32Array(count * 270).fill(first);
  };
  transposeRows(new Float32Array(2000 * 270), rows, shape, [2, 1, 0]);
  assertEquals(asked.map(([first]) => first), asked.map((_, at) => at * asked[0]![1]!));
  assertEquals(asked.reduce((sum, [, count]) => sum + count!, 0), 2000);
  assertEquals(asked.every(([, count]) => count! * 270 <= 2 ** 16), true);
});
