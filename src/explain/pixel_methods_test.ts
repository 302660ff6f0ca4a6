/** The methods at the pixels on networks of the zoo, in each form, on each backend. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { loadModel } from "../formats/mod.ts";
import type { MethodName } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  testdata,
  tryBackend,
} from "../testing/mod.ts";
import type { Explanation } from "./explanation.ts";
import { gradcam } from "./gradcam.ts";

const noisy = { samples: 3, seed: 5 };

const methods: Readonly<Partial<Record<MethodName, MethodSettings>>> = {
  saliency: {},
  inputxgradient: {},
  smoothgrad: noisy,
  smoothgradsquared: noisy,
  vargrad: noisy,
  integratedgradients: { steps: 4 },
  guidedbackprop: {},
  deconvolution: {},
  guidedgradcam: {},
  refinecam: {},
};

/** Rectifiers up to 6, strides and depthwise convolutions; swish and gates. */
const networks = ["depthwise_relu6", "squeeze_excite"];

function photo(model: Awaited<ReturnType<typeof loadModel>>): tf.Tensor4D {
  const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number];
  return tf.randomUniform([1, height, width, channels], 0, 1, "float32", 3) as tf.Tensor4D;
}

/** The raw maps by all methods; that of the network in one form. */
async function mapsOf(network: string, form: "layers" | "graph"): Promise<Map<string, Float32Array>> {
  const model = await loadModel(new URL(`zoo/${network}/${form}/`, testdata));
  const maps = new Map<string, Float32Array>();
  const x = photo(model);
  for (const [name, settings] of Object.entries(methods)) {
    const method = name as MethodName;
    const explain = () => gradcam(model, x, { method, settings, classIndex: 0, score: "logit" });
    const { maps: [map] } = await leavingNoTensors(explain);
    assertEquals([map!.raw.height, map!.raw.width], x.shape.slice(1, 3), name);
    assertEquals(
      (await explain()).maps[0]!.raw.data,
      map!.raw.data,
      `${name} gives other numbers a second time`,
    );
    maps.set(name, map!.raw.data);
  }
  x.dispose();
  model.dispose();
  return maps;
}

Deno.test("methods at the pixels give the same on layers and graph models, on every backend", async (t) => {
  for (const network of networks) {
    let first: Map<string, Float32Array> | undefined;
    for (const backend of ["cpu", "wasm"] as const) {
      for (const form of ["layers", "graph"] as const) {
        await t.step(`${network}, ${form}, ${backend}`, async () => {
          await tryBackend(backend);
          const maps = await mapsOf(network, form);
          first ??= maps;
          for (const [name, data] of maps) {
            if (name === "refinecam" || name === "guidedgradcam") continue; // a graph lists other layers
            const known = first.get(name)!;
            const difference = largestDifference(data, known) / largestMagnitude(known);
            assertLessOrEqual(difference, 1e-4, `${name} is off by ${difference}`);
          }
        });
      }
    }
  }
});

/** How much is missing of what parts have to sum up to. */
async function errorOf(network: string, form: string, score: "logit" | "output"): Promise<Explanation> {
  const model = await loadModel(new URL(`zoo/${network}/${form}/`, testdata));
  const x = photo(model);
  try {
    return await leavingNoTensors(() => gradcam(model, x, { method: "fullgrad", classIndex: 0, score }));
  } finally {
    x.dispose();
    model.dispose();
  }
}

Deno.test("FullGrad's parts sum up to the score of networks of rectifiers", async (t) => {
  await tryBackend("wasm");
  for (const network of ["residual", "sequential", "conv_transpose", "concatenation"]) {
    for (const form of ["layers", "graph"]) {
      await t.step(`${network}, ${form}`, async () => {
        const { maps: [map], warnings } = await errorOf(network, form, "logit");
        const { completenessError } = map!.details!;
        assertLessOrEqual(completenessError!, 1e-4);
        assert(!warnings.some((warning) => warning.startsWith("The parts that FullGrad sums")));
      });
    }
  }
  await t.step("and not behind a softmax, which is said", async () => {
    const { maps: [map], warnings } = await errorOf("residual", "layers", "output");
    assert(map!.details!.completenessError! > 0.05);
    assert(warnings.some((warning) => warning.startsWith("The parts that FullGrad sums miss the score by")));
  });
});

Deno.test("methods at the pixels stop when they are told to, and leave nothing behind", async () => {
  await tryBackend("wasm");
  const model = await loadModel(new URL("zoo/residual/layers/", testdata));
  const x = photo(model);
  for (const method of ["smoothgrad", "integratedgradients", "fullgrad", "refinecam"] as const) {
    await leavingNoTensors(async () => {
      const controller = new AbortController();
      const onProgress = () => controller.abort(new Error("enough"));
      const settings = method === "smoothgrad" ? { samples: 50 } : {};
      await assertRejects(
        () =>
          gradcam(model, x, {
            method: [method, "integratedgradients"],
            settings: { steps: 60, ...settings },
            onProgress,
            signal: controller.signal,
          }),
        Error,
        "enough",
      );
    });
  }
  x.dispose();
  model.dispose();
});
