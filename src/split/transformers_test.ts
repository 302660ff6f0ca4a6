/** Vision transformers: their tokens as a picture, and their attention. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects, assertThrows } from "@std/assert";
import { LayerNotFoundError } from "../base/errors.ts";
import { gradcam } from "../explain/gradcam.ts";
import { GradCAM } from "../explain/gradcam_class.ts";
import type { Explanation } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { ClassMap } from "../explain/record.ts";
import { loadModel } from "../formats/mod.ts";
import type { MethodName } from "../methods/mod.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { findDefaultLayer } from "./default_layer.ts";
import type { ExplainableModel } from "./model.ts";
import { suggestLayers } from "./suggested_layers.ts";

/** What tools/make_transformers.py knows of a network. */
interface Golden {
  readonly name: string;
  readonly scores: readonly number[];
  readonly classIndex?: number;
  readonly before?: number;
  readonly after?: number;
  readonly maps?: Readonly<Record<string, readonly number[]>>;
  /** HiResCAM of tokens that lie in windows, `[6, 8]`. */
  readonly windows?: readonly number[];
}

const folder = new URL("transformers/", testdata);
const goldens: {
  readonly grid: [number, number];
  readonly shape: [number, number, number, number];
  readonly input: readonly number[];
  readonly networks: readonly Golden[];
} = JSON.parse(await Deno.readTextFile(new URL("goldens.json", folder)));
const [height, width] = goldens.grid;

/** The form of a network, as far as it is there, and what its layer before the last block is called. */
const forms = [
  { ending: ".keras", before: "block_1" },
  { ending: "_graph/", before: undefined },
] as const;

/** In which forms a network is there. */
const graphs = ["class_last", "distilled", "windows"];

function open(name: string, ending = ".keras"): Promise<ExplainableModel> {
  return loadModel(new URL(`${name}${ending}`, folder));
}

function mapOf({ maps: [map] }: Explanation): ClassMap {
  return map!;
}

function photo(): tf.Tensor4D {
  return tf.tensor4d([...goldens.input], goldens.shape);
}

/** The layer that is taken where none is named, and how its tokens lie. */
const defaults: Readonly<Record<string, readonly [layer: string, before?: number, after?: number]>> = {
  vit: ["block_1", 3, 0],
  class_last: ["block_1", 0, 1],
  distilled: ["block_1", 2, 0],
  mean_pooled: ["block_1", 0, 0],
  hybrid: ["head"],
  windows: ["last_norm"],
};

Deno.test("the layer of a transformer is what goes into its last block", async (t) => {
  await tryBackend("cpu");
  for (const { name } of goldens.networks) {
    await t.step(name, async () => {
      await leavingNoTensors(async () => {
        using model = await open(name);
        const [expected, before, after] = defaults[name]!;
        assertEquals(findDefaultLayer(model), expected);
        const { tokens } = model.layers.find(({ path }) => path === expected)!;
        assertEquals(tokens, before === undefined ? undefined : { height, width, before, after: after! });
      });
    });
  }
});

for (const backend of testedBackends) {
  Deno.test(`maps of tokens are those of an implementation that knows the network, on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    const x = photo();
    for (const { name, classIndex, maps, scores } of goldens.networks) {
      for (const { ending, before } of forms) {
        if (ending !== ".keras" && !graphs.includes(name)) continue;
        await t.step(`${name}${ending}`, () =>
          leavingNoTensors(async () => {
            using model = await open(name, ending);
            const names = Object.keys(maps ?? { gradcam: [] }) as MethodName[];
            const method = names.filter((name) => name !== "hirescam"); // in one call all are at one layer
            const found = await gradcam(model, x, {
              method,
              ...(classIndex !== undefined && { classIndex }),
            });
            const output = model.predict(x);
            assertLessOrEqual(largestDifference(await output.data(), scores), 1e-5);
            output.dispose();
            if (maps && before) assertEquals(found.layer, before);
            // Before a norm HiResCAM's products sum to nothing: it is taken at the last block's first norm.
            const atNorm = maps && await gradcam(model, x, {
              ...ending !== ".keras" && { layer: "norm1_2" },
              method: "hirescam",
              classIndex,
            });
            if (atNorm && before) assertEquals(atNorm.layer, "norm1_2");
            for (const { method, raw } of atNorm ? [...found.maps, ...atNorm.maps] : []) {
              const golden = maps![method]!;
              assertEquals([raw.height, raw.width], [height, width]);
              const difference = largestDifference(raw.data, golden) / largestMagnitude(golden);
              assertLessOrEqual(difference, 1e-4, method);
            }
          }));
      }
    }
    x.dispose();
  });
}

Deno.test("tokens are laid out as they are told to be", async (t) => {
  await tryBackend("cpu");
  const x = photo();
  using model = await open("vit");
  const explain = (options: GradcamOptions) =>
    gradcam(model, x, { classIndex: 1, method: "gradcamelementwise", relu: false, ...options });
  const usual = mapOf(await explain({}));
  const rows = [
    { name: "a grid of another shape", options: { grid: "4x3" as const }, size: [4, 3], first: 0 },
    { name: "as numbers", options: { grid: [2, 6] as const }, size: [2, 6], first: 0 },
    {
      name: "a class token alone, the rest behind",
      options: { grid: "3x4" as const, tokens: 3 },
      size: [3, 4],
      first: 0,
    },
    { name: "fewer", options: { grid: [2, 4] as const, tokens: 7 }, size: [2, 4], first: 4 },
  ];
  for (const { name, options, size, first } of rows) {
    await t.step(name, async () => {
      const { raw } = mapOf(await leavingNoTensors(() => explain(options)));
      assertEquals([raw.height, raw.width], size);
      assertEquals(raw.data, usual.raw.data.slice(first, first + raw.data.length));
    });
  }
  const refused: readonly (readonly [
    string,
    GradcamOptions,
    typeof LayerNotFoundError | RangeErrorConstructor,
    string,
  ])[] = [
    [
      "too many",
      { layer: "block_1", grid: "5x5" },
      LayerNotFoundError,
      'the 15 tokens of layer "block_1" on a grid of 5x5',
    ],
    ["no grid", { grid: "5" as "5x5" }, RangeError, 'grid "5": use rows and columns such as 14x14'],
    ["part of a token", { tokens: 1.5 }, RangeError, "1.5 tokens"],
    ["no tokens", { layer: "predictions" }, LayerNotFoundError, "is not 4-D"],
  ];
  for (const [name, options, kind, message] of refused) {
    await t.step(name, async () => {
      await leavingNoTensors(() => assertRejects(() => explain(options), kind, message));
    });
  }
  x.dispose();
});

Deno.test("what is explained at tokens goes on from them, and passes the others by", async () => {
  await tryBackend("cpu");
  const x = photo();
  await leavingNoTensors(async () => {
    using model = await open("vit");
    const split = model.split("block_1");
    const { activation, carried } = split.head(x);
    assertEquals(activation.shape, [1, height, width, 8]);
    assertEquals(carried.map(({ shape }) => shape), [[1, 3, 8]]);
    const scores = split.tail(activation, carried);
    const golden = goldens.networks.find(({ name }) => name === "vit")!.scores;
    assertLessOrEqual(largestDifference(await scores.data(), golden), 1e-5);
    const several = tf.tidy(() => tf.concat([activation, tf.zerosLike(activation)])) as tf.Tensor4D;
    const again = await split.rerun(several, carried, () => Promise.resolve());
    assertEquals(again.shape, [2, 5]);
    assertLessOrEqual(largestDifference((await again.data()).slice(0, 5), golden), 1e-5);
    tf.dispose([activation, ...carried, scores, several, again]);
  });
  x.dispose();
});

Deno.test("suggestLayers() knows tokens", async () => {
  await tryBackend("cpu");
  using model = await open("hybrid");
  assertEquals(suggestLayers(model), ["head", "stem"]);
  using onnx = await loadModel(new URL("onnx/vit/newest.onnx", testdata));
  assertEquals(suggestLayers(onnx), ["blocks.1"]); // no matrix of its attention
});

Deno.test("attention that is not from all tokens to all is not explained", async () => {
  await tryBackend("cpu");
  const x = photo();
  for (const name of ["windows"]) {
    await leavingNoTensors(async () => {
      using model = await open(name);
      await assertRejects(
        () => gradcam(model, x, { method: "rollout" }),
        RangeError,
        "no attention was found",
      );
      assertThrows(() => model.split("norm2_9"), LayerNotFoundError);
    });
  }
  x.dispose();
});

Deno.test("a layer of each block can be asked for", async () => {
  await tryBackend("cpu");
  const x = photo();
  using model = await open("vit");
  const { maps } = await leavingNoTensors(() =>
    gradcam(model, x, {
      layer: ["norm1_0", "attention_1", "dense1_1", "block_1"],
      method: ["gradcam", "layercam"],
    })
  );
  for (const { raw } of maps) {
    assertEquals([raw.height, raw.width], [height, width]);
    assert(largestMagnitude(raw.data) > 0);
  }
  x.dispose();
});

Deno.test("a layer behind the last attention is told apart", async () => {
  await tryBackend("cpu");
  const x = photo();
  await leavingNoTensors(async () => {
    using model = await open("vit");
    const { diagnosis, advice } = mapOf(await gradcam(model, x, { layer: "block_2" }));
    assertEquals(diagnosis, "flat");
    assert(advice.includes("the class token alone counts"), advice);
  });
  x.dispose();
});

Deno.test("tokens in windows are put back in place, also where the picture was shifted before", async (t) => {
  await tryBackend("cpu");
  const x = photo();
  const { windows, classIndex } = goldens.networks.find(({ name }) => name === "windows")!;
  using model = await open("windows", "_graph/");
  const { raw } = mapOf(
    await leavingNoTensors(() => gradcam(model, x, { layer: "dense_1", method: "hirescam", classIndex })),
  );
  assertEquals([raw.height, raw.width], [6, 8]);
  assertLessOrEqual(largestDifference(raw.data, windows!) / largestMagnitude(windows!), 1e-4);
  const several: readonly MethodName[] = ["ablationcam", "layercam"];
  for (const method of several) {
    await t.step(method, async () => {
      const { raw } = mapOf(
        await leavingNoTensors(() => gradcam(model, x, { layer: "dense_1", method, classIndex })),
      );
      assert(largestMagnitude(raw.data) > 0);
    });
  }
  x.dispose();
});

Deno.test("a map before a norm whose parts cancel is told apart", async () => {
  await tryBackend("cpu");
  const x = photo();
  await leavingNoTensors(async () => {
    using model = await open("vit");
    const { warnings } = await gradcam(model, x, { method: ["gradcam", "hirescam"] });
    assertEquals(
      warnings.filter((warning) => warning.includes("nothing but rounding")).length,
      1,
      warnings.join(),
    );
    const atNorm = await gradcam(model, x, { method: "hirescam" });
    assertEquals(atNorm.layer, "norm1_2");
    assertEquals(new GradCAM(model, { method: "hirescam" }).findOutputLayer(), "norm1_2");
    assertEquals(atNorm.warnings.filter((warning) => warning.includes("nothing but rounding")), []);
  });
  x.dispose();
});
