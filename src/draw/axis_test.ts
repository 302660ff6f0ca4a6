import { assert, assertEquals } from "@std/assert";
import { axisOver, placeOn, tickText } from "./axis.ts";

Deno.test("axisOver() reaches to round numbers", () => {
  const cases: readonly (readonly [readonly number[], readonly string[]])[] = [
    [[0, 1], ["0.00", "0.25", "0.50", "0.75", "1.00"]],
    [[0.31, 0.77], ["0.2", "0.4", "0.6", "0.8"]],
    [[-0.08, 0.11], ["−0.10", "−0.05", "0.00", "0.05", "0.10", "0.15"]],
    [[3, 97], ["0", "25", "50", "75", "100"]],
    [[0.5], ["0.2", "0.4", "0.6", "0.8"]],
    [[0], ["−0.50", "−0.25", "0.00", "0.25", "0.50"]],
    [[], ["0.00", "0.25", "0.50", "0.75", "1.00"]],
    [[NaN, Infinity, 0, 1], ["0.00", "0.25", "0.50", "0.75", "1.00"]],
  ];
  for (const [values, texts] of cases) {
    const axis = axisOver(values);
    assertEquals(axis.ticks.map((tick) => tickText(axis, tick)), texts, `${values}`);
  }
});

Deno.test("axisOver() holds all values, whatever their size", () => {
  for (const scale of [1e-9, 1e-4, 1, 1e5, 1e12]) {
    for (const [least, most] of [[0.1, 0.9], [-3.3, 7.1], [-1, -0.99], [2, 2.001]]) {
      const axis = axisOver([least! * scale, most! * scale]);
      const slack = scale * 1e-6;
      assert(axis.low <= least! * scale + slack && axis.high >= most! * scale - slack, `${least} ${scale}`);
      assert(axis.ticks.length >= 2 && axis.ticks.length <= 8, `${axis.ticks}`);
    }
  }
});

Deno.test("placeOn() keeps to the axis", () => {
  const axis = axisOver([0, 1]);
  assertEquals([-1, 0, 0.25, 1, 2].map((value) => placeOn(axis, value)), [0, 0, 0.25, 1, 1]);
});
