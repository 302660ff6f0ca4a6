import { assertEquals } from "@std/assert";
import { joinGaussianUnits } from "./gaussian_units.ts";
import { graphNode, joinContext } from "./testing.ts";

const numbers: Readonly<Record<string, number>> = {
  half: 0.5,
  one: 1,
  two: 2,
  root: Math.SQRT2,
  inverse: Math.SQRT1_2,
};

/** What becomes of the last node. */
function joined(lines: readonly string[], wanted: readonly string[] = ["y"]): string {
  const nodes = joinGaussianUnits(lines.map((line) => graphNode(line)), joinContext(numbers, wanted));
  const { op, inputs, opset } = nodes.at(-1)!;
  return `${op}(${inputs.join(", ")}) ${opset}`;
}

const erf = ["d = Div(x, root)", "e = Erf(d)", "s = Add(e, one)"];

Deno.test("a Gaussian error linear unit in five nodes is one, in whichever order they stand", () => {
  const forms = [
    [...erf, "p = Mul(x, s)", "y = Mul(p, half)"],
    [...erf, "p = Mul(s, x)", "y = Mul(half, p)"],
    ["d = Mul(inverse, x)", "e = Erf(d)", "s = Add(one, e)", "h = Mul(x, half)", "y = Mul(h, s)"],
    [...erf, "h = Mul(half, s)", "y = Mul(x, h)"],
  ];
  for (const form of forms) assertEquals(joined(form), "Gelu(x) 20", form.join("; "));
});

Deno.test("what only looks like a Gaussian error linear unit stays as it is", () => {
  const [last, ordinary] = ["y = Mul(p, half)", "Mul(p, half) 17"];
  assertEquals(joined([...erf, "p = Mul(z, s)", last]), ordinary);
  assertEquals(joined([...erf, "p = Mul(x, s)", "y = Mul(p, two)"]), "Mul(p, two) 17");
  assertEquals(joined([...erf.with(0, "d = Div(x, two)"), "p = Mul(x, s)", last]), ordinary);
  assertEquals(joined([...erf.with(0, "d = Div(root, x)"), "p = Mul(x, s)", last]), ordinary);
  assertEquals(joined([...erf.with(2, "s = Sub(e, one)"), "p = Mul(x, s)", last]), ordinary);
  assertEquals(joined([...erf, "p = Mul(x, s)", last], ["y", "s"]), ordinary);
  assertEquals(joined([...erf, "p = Mul(x, s)", "z = Neg(p)", last]), ordinary);
});
