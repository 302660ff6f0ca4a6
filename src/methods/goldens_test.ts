/** Every method against independent implementations, see testdata/README.md, on every backend. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { BackendName } from "../../backends/mod.ts";
import { normalize } from "../base/heatmap.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { ClassMap } from "../explain/record.ts";
import { loadModel } from "../formats/mod.ts";
import type { ScoreKind } from "../split/model.ts";
import {
  largestDifference,
  largestMagnitude,
  leavingNoTensors,
  readFloats,
  testdata,
  testedBackends,
  tryBackend,
} from "../testing/mod.ts";
import { type MethodName, methods } from "./mod.ts";
import type { MethodSettings } from "./settings.ts";

/** What is asked of a model. */
interface Asked {
  readonly network: string;
  /** The photo that the embedded model is shown. */
  readonly photo?: string;
  readonly layer: string;
  readonly classIndex: number;
  readonly scoreKind: ScoreKind;
  readonly settings: MethodSettings;
}

/** A map of the reference. */
interface GoldenMap extends Asked {
  readonly method: MethodName;
  readonly height: number;
  readonly width: number;
  /** Every which row and column is kept. */
  readonly every?: number;
  /** The sum of all of it, and its largest magnitude. */
  readonly sum?: number;
  readonly largest: number;
  /** How far it moves when every weight is moved by about one rounding, as a part of its largest magnitude. */
  readonly spread?: number;
  /** Whether it was scaled to 0 … 1. */
  readonly isScaled?: boolean;
  /** Where it begins in the file. */
  readonly at: number;
}

/** How near a factorisation comes to the activation. */
interface GoldenError extends Asked {
  readonly method: MethodName;
  readonly error: number;
}

type Golden = GoldenMap | GoldenError;

const folder = new URL("goldens/methods/", testdata);
const { maps: goldens }: { maps: Golden[] } = JSON.parse(
  await Deno.readTextFile(new URL("index.json", folder)),
);
const values = await readFloats(new URL("maps.f32", folder));

/** What is asked in one call: all methods of the same question. */
const groups = Map.groupBy(
  goldens,
  ({ network, photo, layer, classIndex, scoreKind, settings }) =>
    JSON.stringify([network, photo, layer, classIndex, scoreKind, settings]),
);

/** What the model is shown, `[1, H, W, C]`. */
async function readPicture({ network, photo }: Asked): Promise<tf.Tensor4D> {
  if (photo !== undefined) {
    const pixels = await Deno.readFile(new URL(`goldens/efficientnet_lite0/${photo}.input.u8`, testdata));
    return tf.tensor4d(Float32Array.from(pixels, (value) => (value - 127) / 128), [1, 224, 224, 3]);
  }
  const zoo = new URL(`zoo/${network}/`, testdata);
  const { inputShape } = JSON.parse(await Deno.readTextFile(new URL("golden.json", zoo)));
  return tf.tensor4d(await readFloats(new URL("input.f32", zoo)), inputShape);
}

/** A part of a group's settings: those that one of its methods takes. */
function takenBy(names: readonly MethodName[], settings: MethodSettings): MethodSettings {
  const takers = methods.filter(({ name }) => names.includes(name));
  const isTaken = (name: string) => takers.some(({ settings = {} }) => Object.hasOwn(settings, name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => isTaken(name)));
}

/** The rows and columns of a map that the reference kept. */
function sampled({ data, height, width }: ClassMap["raw"], every: number): Float32Array {
  const kept: number[] = [];
  for (let y = 0; y < height; y += every) {
    for (let x = 0; x < width; x += every) kept.push(data[y * width + x]!);
  }
  return Float32Array.from(kept);
}

/** Whether a method looks at no pixels: those that do go through all of a network again. */
function isAtLayer(name: MethodName): boolean {
  return name !== "scorecam" && methods.find((method) => method.name === name)!.at === "layer";
}

/** How far the maps of a method move, of any photo. */
function spreadOf(name: MethodName): number {
  return Math.max(
    ...goldens.map((golden) => golden.method === name && "spread" in golden ? golden.spread! : 0),
  );
}

/**
 * How far a map may be from the reference's, as a part of its largest magnitude: 1e-4. Of the embedded model as far as its
 * rectifiers make of rounding, some of whose nine million inputs lie within rounding of a kink: at the pixels, and where
 * ShapleyCAM takes differences of gradients.
 */
function toleranceOf({ photo, method, spread = 0 }: GoldenMap): number {
  if (photo === undefined) return 1e-4;
  if (method === "shapleycam") return 5e-4;
  return isAtLayer(method) ? Math.max(1e-4, 5 * spread) : Math.max(1e-3, 5 * spreadOf(method));
}

/** Hold a map to the reference's. */
function assertAgrees({ raw }: ClassMap, golden: GoldenMap): void {
  const { height, width, every = 1, largest, at, isScaled, sum, method } = golden;
  assertEquals([raw.height, raw.width], [height, width]);
  const ours = sampled(isScaled ? { ...raw, data: normalize(raw.data, 1e-8) } : raw, every);
  const expected = values.subarray(at, at + ours.length);
  // AUCMEDI's windows take rows for columns, so that they cover a square alone.
  const side = Math.min(height, width);
  const isCovered = (cell: number) => cell % width < side;
  const isSquare = golden.settings.variant === "aucmedi" && method === "occlusion";
  const [a, b] = [ours, expected].map((map) => isSquare ? map.filter((_, cell) => isCovered(cell)) : map);
  const tolerance = toleranceOf(golden);
  const difference = largestDifference(a!, b!) / largest;
  assertLessOrEqual(difference, tolerance, `${method} differs by ${difference}, more than ${tolerance}`);
  assertLessOrEqual(
    Math.abs(largestMagnitude(raw.data) - largest),
    isScaled ? Infinity : tolerance * largest,
  );
  if (sum === undefined) return;
  const ourSum = raw.data.reduce((total, value) => total + value, 0);
  assertLessOrEqual(Math.abs(ourSum - sum), tolerance * largest * raw.data.length);
}

/** Explain what a group asks, by some of its methods. */
async function explain(group: readonly Golden[]): Promise<readonly ClassMap[]> {
  const [{ network, photo, layer, classIndex, scoreKind, settings }] = group as [Golden];
  const model = photo === undefined
    ? await loadModel(new URL(`zoo/${network}/keras3.keras`, testdata))
    : await loadModel();
  const x = await readPicture(group[0]!);
  const names = group.map(({ method }) => method);
  const options: GradcamOptions = { method: names, settings: takenBy(names, settings) };
  try {
    const { maps } = await gradcam(model, x, { ...options, layer, classIndex, score: scoreKind });
    return maps;
  } finally {
    x.dispose();
    model.dispose();
  }
}

/**
 * The software that stands in for a graphics processor is slow: one map of each method is enough there. So is plain JavaScript
 * for the embedded model.
 */
function chosenOn(backend: BackendName, group: readonly Golden[], seen: Set<string>): Golden[] {
  if (backend === "wasm") return [...group];
  return group.filter(({ method, photo, settings }) => {
    if (backend === "cpu" && photo === undefined) return true;
    const name = `${method} ${settings.variant}`;
    const isWanted = backend === "cpu" ? isAtLayer(method) : photo === undefined;
    if (!isWanted || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

Deno.test("the goldens hold every method", () => {
  const held = new Set(goldens.map(({ method }) => method));
  const others = methods.filter(({ at }) => at !== "tokens"); // transformers_test.ts holds those for attention
  assertEquals(others.map(({ name }) => name).filter((name) => !held.has(name)), []);
});

for (const backend of testedBackends) {
  Deno.test(`all methods agree with independent implementations on ${backend}`, async (t) => {
    const reason = await tryBackend(backend);
    if (reason !== undefined) {
      await t.step({ name: `skipped: ${reason}`, ignore: true, fn: () => {} });
      return;
    }
    const seen = new Set<string>();
    for (const group of groups.values()) {
      const chosen = chosenOn(backend, group, seen);
      if (chosen.length === 0) continue;
      const { network, photo = "", layer, scoreKind, settings: { variant = "" } } = chosen[0]!;
      await t.step(`${network} ${photo} ${layer} ${scoreKind} ${variant}`, async (t) => {
        const maps = await leavingNoTensors(() => explain(chosen));
        for (const [at, golden] of chosen.entries()) {
          await t.step(golden.method, () => {
            const map = maps[at]!;
            if ("error" in golden) {
              // One of several local minima: as near as scikit-learn's best.
              assertLessOrEqual(map.details!.error!, golden.error * 1.05 + 1e-6);
            } else assertAgrees(map, golden);
          });
        }
      });
    }
  });
}
