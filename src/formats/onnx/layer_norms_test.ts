import { assertAlmostEquals, assertEquals } from "@std/assert";
import { ensureBackend } from "../../../backends/mod.ts";
import * as tf from "../../base/tfjs.ts";
import { leavingNoTensors } from "../../testing/mod.ts";
import { loadModel } from "../mod.ts";
import { joinLayerNorms } from "./layer_norms.ts";
import { attribute, ends, graph, graphNode, joinContext, model, node, small, weight } from "./testing.ts";

const numbers = { two: 2, one: 1, half: 0.5, epsilon: 1e-5, gamma: 3, beta: 4, last: -1, other: 1 };
const mean = "m = ReduceMean(x, last)", variance = ["v = ReduceMean(p, last)", "a = Add(v, epsilon)"];
const centred = [mean, "d = Sub(x, m)", "p = Pow(d, two)", ...variance];
const ofTensorFlow = [...centred, "s = Sqrt(a)", "r = Reciprocal(s)", "k = Mul(r, gamma)", "w = Mul(x, k)"];

/** What becomes of the last node. */
function joined(lines: readonly string[], wanted: readonly string[] = ["y"]): string {
  const nodes = lines.map((line) => graphNode(line));
  const { op, inputs } = joinLayerNorms(nodes, joinContext(numbers, wanted)).at(-1)!;
  return `${op}(${inputs.join(", ")})`;
}

Deno.test("a layer norm in many nodes is one, however it is written", () => {
  const forms: Readonly<Record<string, readonly string[]>> = {
    "LayerNormalization(x, gamma, beta)": [
      ...centred,
      "s = Sqrt(a)",
      "n = Div(d, s)",
      "w = Mul(n, gamma)",
      "y = Add(w, beta)",
    ],
    "LayerNormalization(x, , )": [...centred, "s = Sqrt(a)", "y = Div(d, s)"],
    "LayerNormalization(x, , beta)": [...centred, "s = Sqrt(a)", "n = Div(d, s)", "y = Add(beta, n)"],
    "LayerNormalization(x, gamma, )": [
      ...centred,
      "s = Pow(a, half)",
      "r = Div(one, s)",
      "n = Mul(r, d)",
      "y = Mul(gamma, n)",
    ],
    "RMSNormalization(x, gamma)": [
      "p = Mul(x, x)",
      ...variance,
      "s = Sqrt(a)",
      "r = Reciprocal(s)",
      "n = Mul(x, r)",
      "y = Mul(n, gamma)",
    ],
  };
  for (const [expected, lines] of Object.entries(forms)) {
    assertEquals(joined(lines), expected, lines.join("; "));
  }
  const whole = "LayerNormalization(x, gamma, beta)";
  assertEquals(joined([...ofTensorFlow, "q = Mul(m, k)", "b = Sub(beta, q)", "y = Add(w, b)"]), whole);
  assertEquals(
    joined([...ofTensorFlow, "z = Neg(m)", "q = Mul(z, k)", "b = Add(q, beta)", "y = Add(w, b)"]),
    whole,
  );
  assertEquals(
    joined([...ofTensorFlow, "z = Neg(m)", "q = Mul(k, z)", "y = Add(q, w)"]),
    "LayerNormalization(x, gamma, )",
  );
});

Deno.test("what only looks like a layer norm stays as it is", () => {
  const end = ["s = Sqrt(a)", "y = Div(d, s)"], ordinary = "Div(d, s)", ofRoots = "RMSNormalization(d, )";
  const squares = [mean, "d = Sub(x, m)", "p = Pow(x, two)", ...variance];
  assertEquals(joined([...squares, ...end]), ordinary, "squares of what is not centred");
  assertEquals(joined([...centred, "s = Sqrt(a)", "y = Div(x, s)"]), "Div(x, s)", "centred squares alone");
  assertEquals(joined([...centred.with(0, "m = ReduceMean(z, last)"), ...end]), ofRoots, "another mean");
  assertEquals(joined([...centred.with(0, "m = ReduceMean(x, other)"), ...end]), ofRoots, "other axes");
  assertEquals(joined([...centred.with(2, "p = Pow(d, half)"), ...end]), ordinary, "no squares");
  assertEquals(joined([...centred.with(4, "a = Sub(v, epsilon)"), ...end]), ordinary, "a number taken away");
  const live = [...centred, "s = Sqrt(a)", "n = Div(d, s)", "y = Mul(n, x)"];
  assertEquals(joined(live), "Mul(n, x)", "a scale that is computed");
  const asked = [...centred, "s = Sqrt(a)", "n = Div(d, s)", "y = Mul(n, gamma)"];
  assertEquals(joined(asked, ["y", "n"]), "Mul(n, gamma)", "what is asked for itself");
});

/** A normalisation of pictures along an axis, in nodes; `between` keeps it from being joined. */
function network(axis: number, scale: readonly number[], between: boolean) {
  const axes = attribute("axes", [axis]);
  return model(graph(
    node("Conv x w -> a", [attribute("pads", [1, 1, 1, 1])]),
    node("ReduceMean a -> mu", [axes]),
    node("Sub a mu -> t"),
    node("Mul t t -> p"),
    node("ReduceMean p -> v", [axes]),
    ...between ? [node("Identity v -> u")] : [],
    node(`Add ${between ? "u" : "v"} epsilon -> e`),
    node("Sqrt e -> s"),
    node("Div t s -> n"),
    node("Mul n scale -> o"),
    node("Add o scale -> b"),
    node("GlobalAveragePool b -> c"),
    ...small.slice(3),
    weight("epsilon", [1], [1e-3]),
    weight("scale", scale, Array.from({ length: scale.reduce((a, b) => a * b, 1) }, (_, at) => 1 + at / 4)),
    ...ends,
  ));
}

async function scoresOf(bytes: Uint8Array): Promise<{ numbers: Float32Array; kinds: readonly string[] }> {
  using opened = await loadModel(bytes);
  const x = tf.tidy(() => tf.range(0, 72).sin().reshape([1, 6, 4, 3])) as tf.Tensor4D;
  const scores = opened.predict(x);
  const numbers = await scores.data<"float32">();
  tf.dispose([x, scores]);
  return { numbers, kinds: opened.layers.map(({ kind }) => kind) };
}

Deno.test("a layer norm that was joined gives what its nodes do", async (t) => {
  await ensureBackend({ backend: "cpu" });
  const cases = {
    "of channels": [1, [4, 1, 1]],
    "of rows": [-1, [4]],
    "with a scale of every place": [2, [1, 4, 6, 4]],
  } as const;
  for (const [name, [axis, scale]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await leavingNoTensors(async () => {
        const [one, many] = [
          await scoresOf(network(axis, scale, false)),
          await scoresOf(network(axis, scale, true)),
        ];
        assertEquals([one, many].map(({ kinds }) => kinds.includes("LayerNormalization")), [true, false]);
        one.numbers.forEach((score, at) => assertAlmostEquals(score, many.numbers[at]!, 1e-5));
      });
    });
  }
});
