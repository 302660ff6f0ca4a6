import { assert, assertEquals } from "@std/assert";
import { diagnose, type Diagnosis, type MapState } from "./diagnosis.ts";

const good: MapState = {
  raw: Float32Array.of(-0.1, 0.2, 0.3, 0.1, 0, 0.4),
  scores: Float32Array.of(0.2, 0.8),
  classIndex: 1,
  isInputFinite: true,
  gradientVanishes: false,
  connected: true,
  scoreKind: "output",
  finalActivation: "softmax",
  relu: false,
};

const cases: readonly (readonly [string, Partial<MapState>, Diagnosis])[] = [
  ["a good map", {}, "ok"],
  ["a sure score whose gradient is left", { scores: Float32Array.of(0, 1) }, "ok"],
  ["NaN in the map", { raw: Float32Array.of(0, NaN) }, "non-finite"],
  ["infinity in the map", { raw: Float32Array.of(0, Infinity) }, "non-finite"],
  ["NaN in the input that nothing shows of", { isInputFinite: false }, "non-finite"],
  ["NaN as the score", { scores: Float32Array.of(0.2, NaN) }, "non-finite"],
  ["a layer beside the output", { connected: false, raw: new Float32Array(6) }, "disconnected"],
  [
    "a sure softmax",
    { scores: Float32Array.of(0, 1), gradientVanishes: true, raw: new Float32Array(6) },
    "saturated",
  ],
  [
    "a sure sigmoid with a rest of gradient",
    { scores: Float32Array.of(0.5, 1e-9), finalActivation: "sigmoid", raw: Float32Array.of(0, 5.6e-8) },
    "saturated",
  ],
  [
    "the same at the logit",
    { scores: Float32Array.of(0, 1), scoreKind: "logit", gradientVanishes: true, raw: new Float32Array(6) },
    "flat",
  ],
  [
    "a softmax over one unit",
    { scores: Float32Array.of(1), classIndex: 0, gradientVanishes: true, raw: new Float32Array(6) },
    "saturated",
  ],
  ["one value everywhere", { raw: new Float32Array(6).fill(0.3) }, "flat"],
  ["no gradient", { gradientVanishes: true, raw: new Float32Array(6) }, "flat"],
  ["all below zero", { raw: Float32Array.of(-3, -1, -2) }, "all-negative"],
  ["zero at most", { raw: Float32Array.of(-3, 0, -2) }, "all-negative"],
];

Deno.test("diagnose() says what a map is worth", async (t) => {
  for (const [name, state, expected] of cases) {
    await t.step(name, () => {
      const { diagnosis, advice } = diagnose({ ...good, ...state });
      assertEquals(diagnosis, expected);
      assertEquals(advice === "", expected === "ok");
    });
  }
  const alone = {
    scores: Float32Array.of(1),
    classIndex: 0,
    gradientVanishes: true,
    raw: new Float32Array(6),
  };
  assert(diagnose({ ...good, ...alone }).advice.includes("always 1"));
  assert(diagnose({ ...good, raw: Float32Array.of(-1, -2), relu: true }).advice.includes("without relu"));
});

Deno.test("diagnose() says for which side a map speaks whose negative was explained", () => {
  const raw = Float32Array.of(-1, -2);
  for (const relu of [false, true]) {
    const advice = (counterfactual?: boolean) => diagnose({ ...good, raw, relu, counterfactual }).advice;
    assert(advice().startsWith("All of the map speaks against this class"), advice());
    assert(advice(true).startsWith("All of the map speaks for this class"), advice(true));
    assertEquals(advice(false), advice());
  }
});
