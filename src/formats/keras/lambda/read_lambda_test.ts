/** Functions of Lambda layers as each version of Python writes them, against what they compute in TensorFlow. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { selectBackend } from "../../../../backends/mod.ts";
import { largestDifference, largestMagnitude, leavingNoTensors, testdata } from "../../../testing/mod.ts";
import { stepsLayer } from "../layers/operations/steps.ts";
import { chainOf } from "./chain.ts";
import { formulaOf } from "./formula.ts";
import { readLambda } from "./read_lambda.ts";
import { type Step, UnknownFunctionError } from "./values.ts";

/** What tools/make_lambdas.py writes. */
interface Table {
  /** The code of each function, in base64, by the version of Python and the function's source. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What each function makes of a picture. */
  readonly outputs: Readonly<Record<string, { readonly shape: number[]; readonly values: number[] }>>;
  /** Functions of two inputs, and their formulas. */
  readonly pairs: Readonly<Record<string, string>>;
  /** Functions that are not followed, and why. */
  readonly refused: Readonly<Record<string, string>>;
}

const table: Table = JSON.parse(await Deno.readTextFile(new URL("keras_lambdas.json", testdata)));
const call = { inputs: 1, version: 2.15 };

/** The configuration of a Lambda layer as Keras 2 writes it. */
function configOf(code: string, more: object = {}) {
  return {
    function: [code, null, null],
    function_type: "lambda",
    module: "__main__",
    arguments: {},
    ...more,
  };
}

function compute(steps: readonly Step[], x: tf.Tensor): tf.Tensor {
  return steps.length === 0 ? x.clone() : stepsLayer.call([x], { steps }, []) as tf.Tensor;
}

Deno.test("readLambda() follows what every version of Python writes", async (t) => {
  await selectBackend({ backend: "cpu" });
  const picture = Float32Array.from(
    { length: 60 },
    (_, index) => 100 * Math.sin(0.5 + 12.9898 * index) + 100,
  );
  const sources = Object.keys(table.outputs);
  assert(sources.length > 45);
  const formulas = new Map<string, string>();
  for (const [version, codes] of Object.entries(table.codes)) {
    await t.step(`Python ${version}`, () =>
      leavingNoTensors(async () => {
        for (const source of sources) {
          const code = codes[source]!;
          if (version === "2.7" && source.includes("1 / 255")) continue; // which is 0 there
          const steps = readLambda(
            configOf(code, { function: [code, source.includes("scale=") ? [3] : null, null] }),
            call,
          );
          const formula = steps.length === 0 ? "x" : formulaOf(steps, 1);
          assertEquals(formula, formulas.get(source) ?? formula, source); // whatever the version
          formulas.set(source, formula);
          const x = tf.tensor(picture, [1, 4, 5, 3]);
          const result = tf.tidy(() => compute(steps, x));
          const { shape, values } = table.outputs[source]!;
          assertEquals(result.shape, shape, source);
          const given = await result.data() as Float32Array;
          assertLessOrEqual(
            largestDifference(given, values),
            2e-6 * Math.max(1, largestMagnitude(values)),
            source,
          );
          tf.dispose([x, result]);
        }
      }));
  }
});

Deno.test("readLambda() refuses what it does not know, by name", async (t) => {
  for (const [version, codes] of Object.entries(table.codes)) {
    await t.step(`Python ${version}`, () => {
      for (const [source, why] of Object.entries(table.refused)) {
        if (!codes[source]) continue; // no Python 2
        const error = assertThrows(() => readLambda(configOf(codes[source]!), call), UnknownFunctionError);
        assert(error.message.includes(why), `${source}: ${error.message}`);
        assert(error.message !== "is damaged", source);
      }
    });
  }
});

Deno.test("readLambda() takes values from around the function, from its parameters and from the layer", () => {
  for (const codes of Object.values(table.codes)) {
    const closed = (value: unknown) =>
      readLambda(configOf("", { function: [codes.closure, null, [value]] }), call);
    assertEquals(formulaOf(closed(3), 1), "x * 3");
    assertEquals(formulaOf(closed({ type: "ndarray", value: [1, 2, 3] }), 1), "x * [1, 2, 3]");
    assertThrows(() => closed({ strange: true }), UnknownFunctionError, "takes a value that is not known");
    const code = codes["lambda x, scale=3.0: x * scale"]!;
    const given = configOf("", { function: [code, [3], null], arguments: { scale: 2 } });
    assertEquals(formulaOf(readLambda(given, call), 1), "x * 2");
    const written = { class_name: "__lambda__", config: { code, defaults: [3], closure: null } };
    assertEquals(formulaOf(readLambda({ function: written, arguments: {} }, call), 1), "x * 3");
    const tuple = { class_name: "__tuple__", items: [code, [4], null] };
    assertEquals(formulaOf(readLambda({ function: tuple, function_type: "lambda" }, call), 1), "x * 4");
  }
});

Deno.test("readLambda() knows functions of libraries by their names and modules", async (t) => {
  const named = (name: string, module: string, more: object = {}) => ({
    function: name,
    function_type: "function",
    module,
    ...more,
  });
  const cases: readonly (readonly [object, string])[] = [
    [named("preprocess_input", "keras.applications.resnet50"), "x[..., ::-1] - [103.939, 116.779, 123.68]"],
    [named("preprocess_input", "tensorflow.python.keras.applications.mobilenet_v2"), "x / 127.5 - 1"],
    [named("relu", "tensorflow.python.ops.gen_nn_ops"), "relu(x)"],
    [named("l2_normalize", "keras.backend", { arguments: { axis: 1 } }), "l2_normalize(x, axis=1)"],
    [named("abs", "tensorflow.python.keras.backend"), "abs(x)"],
    [
      named("resize_images_v2", "tensorflow.python.ops.image_ops_impl", { arguments: { size: [3, 4] } }),
      "resize(x, size=[3, 4])",
    ],
    [{ function: { module: "builtins", class_name: "function", config: "relu" } }, "relu(x)"],
  ];
  for (const [config, expected] of cases) {
    await t.step(expected, () => assertEquals(formulaOf(readLambda({ ...config }, call), 1), expected));
  }
  for (
    const config of [
      named("scale", "__main__"),
      named("relu", "__main__"),
      { function: { module: "builtins", class_name: "function", config: "preprocess_input" } },
      { function: { module: "builtins", class_name: "function", config: "scale" } },
    ]
  ) {
    assertThrows(() => readLambda(config, call), UnknownFunctionError, "which is not in the file");
  }
});

Deno.test("readLambda() refuses to say how an early version resized", () => {
  const code = table.codes["3.6"]!["lambda x: tf.image.resize(x, (6, 7))"]!;
  const early = { inputs: 1, version: 2.02 };
  assertThrows(() => readLambda(configOf(code), early), UnknownFunctionError, "two versions of TensorFlow");
});

Deno.test("readLambda() gives several inputs as a list", () => {
  for (const codes of Object.values(table.codes)) {
    for (const [source, formula] of Object.entries(table.pairs)) {
      assertEquals(formulaOf(readLambda(configOf(codes[source]!), { inputs: 2, version: 2.15 }), 2), formula);
    }
    const whole = configOf(codes["lambda x: x"]!);
    assertThrows(
      () => readLambda(whole, { inputs: 2, version: 2.15 }),
      UnknownFunctionError,
      "no single tensor",
    );
  }
});

Deno.test("readLambda() never fails otherwise, whatever the bytes are", () => {
  let followed = 0;
  for (const codes of Object.values(table.codes)) {
    for (const code of Object.values(codes)) {
      const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
      for (let at = 0; at < bytes.length; at += 11) {
        const changed = bytes.slice();
        changed[at] = changed[at]! ^ (1 << at % 8) ^ 0x11;
        const cut = at % 2 === 0 ? changed : changed.subarray(0, at);
        try {
          readLambda(configOf(btoa(String.fromCharCode(...cut))), call);
          followed++;
        } catch (error) {
          assert(error instanceof UnknownFunctionError, `${error}`);
        }
      }
    }
  }
  assert(followed > 0);
});

Deno.test("chainOf() makes one rescaling of arithmetic with constants", () => {
  const linksOf = (source: string) => chainOf(readLambda(configOf(table.codes["3.10"]![source]!), call));
  assertEquals(linksOf("lambda x: x"), []);
  assertEquals(linksOf("lambda x: (x - 127.5) / 127.5"), [{
    kind: "Rescaling",
    scale: 1 / 127.5,
    offset: -1,
  }]);
  assertEquals(linksOf("lambda x: 1 - x / 255.0"), [{ kind: "Rescaling", scale: -1 / 255, offset: 1 }]);
  assertEquals(linksOf("lambda image: tf.cast(image, tf.float32) / 255.0"), [
    { kind: "Rescaling", scale: 1 / 255, offset: 0 },
  ]);
  const caffe = linksOf("lambda x: tf.keras.applications.resnet50.preprocess_input(x)")!;
  assertEquals(caffe.map(({ kind }) => kind), ["Operation", "Rescaling"]);
  assertEquals(caffe[1], { kind: "Rescaling", scale: 1, offset: [-103.939, -116.779, -123.68] });
  assertEquals(linksOf("lambda x: x * tf.sigmoid(x)"), undefined);
});
