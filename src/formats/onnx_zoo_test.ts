/**
 * The networks of testdata/onnx, in every form that PyTorch's exporters write, against PyTorch's autograd. A new network
 * or form is a line in `tools/`, with none here.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { BackendName } from "../../backends/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { ExplainableModel } from "../split/model.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { loadModel } from "./mod.ts";
import { isWhole } from "../testing/whole_matrix.ts";

/** A map before scaling, as README.md in testdata/onnx says. */
interface GoldenMap {
  /** The path of the module that the map is of. */
  readonly layer: string;
  /** The convolution that the older exporter folds it into, so that the map is asked for by that name. */
  readonly convolution?: string;
  readonly height: number;
  readonly width: number;
  /** Little-endian float32 in base64, row by row. */
  readonly raw: string;
}

/** What PyTorch makes of a network with the weights of some of its forms. */
interface Golden {
  readonly scores: readonly number[];
  readonly classIndex: number;
  readonly maps: readonly GoldenMap[];
  /** How like another picture's embedding the picture's is. */
  readonly like?: {
    readonly embedding: readonly number[];
    readonly score: number;
    readonly maps: readonly GoldenMap[];
  };
}

/** A network of the zoo. */
interface Network {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** Which golden each form is held to. */
  readonly forms: Readonly<Record<string, string>>;
  readonly goldens: Readonly<Record<string, Golden>>;
}

const zoo = new URL("onnx/", testdata);

/** What scores and maps may differ by, as a part of their largest magnitude. */
const tolerance = 1e-4;

/** On WebGPU, which here is often a software adapter, one form of some networks. */
const onWebgpu: readonly string[] = ["residual", "convnext", "vit", "swin"];

async function readNetworks(): Promise<Network[]> {
  const names = Array.from(Deno.readDirSync(zoo)).filter(({ isDirectory, name }) =>
    isDirectory && name !== "keras"
  ).map(({ name }) => name).sort();
  return await Promise.all(
    names.map(async (name) => JSON.parse(await Deno.readTextFile(new URL(`${name}/golden.json`, zoo)))),
  );
}

/** Networks whose maps take the CPU long, and are left to the other backends there. */
const notOnCpu: readonly string[] = ["clip", "swin", "vit", "vit_registers", "convnext_tanh"];

/**
 * All forms by WASM; by the CPU, which is slow, the newest of most networks.
 */
function formsOn(backend: BackendName, { name, forms }: Network): string[] {
  const all = Object.keys(forms);
  if (backend === "wasm" || isWhole) return all;
  const isAsked = backend === "cpu" ? !notOnCpu.includes(name) : onWebgpu.includes(name);
  return isAsked ? all.slice(-1) : [];
}

function assertNear(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const difference = largestDifference(found, expected) / largestMagnitude(Array.from(expected));
  assertLessOrEqual(difference, tolerance, `${what} is off by ${difference.toExponential(1)}`);
}

async function checkScores(model: ExplainableModel, x: tf.Tensor4D, { scores }: Golden): Promise<void> {
  const output = model.predict(x); // [1, classes]
  const found = await output.data();
  output.dispose();
  assertNear(found, scores, "The score");
}

/** What a form calls the layer of a map. */
function layerIn(form: string, { layer, convolution }: GoldenMap): string {
  return form.startsWith("torchscript") ? convolution ?? layer : layer;
}

async function checkMap(
  model: ExplainableModel,
  { form, x, golden, options }: {
    readonly form: string;
    readonly x: tf.Tensor4D;
    readonly golden: GoldenMap;
    readonly options: GradcamOptions;
  },
): Promise<void> {
  const { maps: [map] } = await gradcam(model, x, { layer: layerIn(form, golden), ...options });
  const { raw } = map!;
  assertEquals([raw.height, raw.width], [golden.height, golden.width], golden.layer);
  const expected = new Float32Array(Uint8Array.fromBase64(golden.raw).buffer);
  assertNear(raw.data, expected, `The raw map at "${golden.layer}"`);
}

async function checkForm(x: tf.Tensor4D, { name, forms, goldens }: Network, form: string): Promise<void> {
  const { classIndex, maps, like, ...golden } = goldens[forms[form]!]!;
  await leavingNoTensors(async () => {
    using model = await loadModel(new URL(`${name}/${form}.onnx`, zoo), { preprocess: "none" });
    assertEquals(model.format, "onnx");
    await checkScores(model, x, { classIndex, maps, ...golden });
    const faults: string[] = [];
    for (const map of maps) {
      await noting(faults, () => checkMap(model, { form, x, golden: map, options: { classIndex } }));
    }
    for (const map of like?.maps ?? []) {
      await noting(
        faults,
        () => checkMap(model, { form, x, golden: map, options: { like: like!.embedding } }),
      );
    }
    assertEquals(faults, []);
  });
}

/** Go on with the other maps, so that all that is wrong is told at once. */
async function noting(faults: string[], check: () => Promise<void>): Promise<void> {
  try {
    await leavingNoTensors(check);
  } catch (error) {
    faults.push((error as Error).message);
  }
}

const networks = await readNetworks();

for (const backend of testedBackends) {
  Deno.test(`networks of PyTorch in all forms of ONNX give autograd's maps on ${backend}`, async (t) => {
    const missing = await tryBackend(backend);
    if (missing !== undefined) {
      await t.step({ name: `${backend} skipped: ${missing}`, ignore: true, fn: () => {} });
      return;
    }
    assert(networks.length >= 22, `There are networks in ${zoo}`);
    for (const network of networks) {
      const { name, height, width } = network;
      const x = tf.tensor4d(await readFloats(new URL(`input_${height}x${width}.f32`, zoo)), [
        1,
        height,
        width,
        3,
      ]);
      for (const form of formsOn(backend, network)) {
        await t.step(`${name} ${form}`, () => checkForm(x, network, form));
      }
      x.dispose();
    }
  });
}
