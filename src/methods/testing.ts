/** What tests of methods share: probes of numbers that are given. */
import * as tf from "@tensorflow/tfjs";
import type { Tensor4D } from "../base/tensors.ts";
import type { CamMethod } from "./mod.ts";
import type { NamedMethod } from "./method.ts";
import type { AttentionProbe, Place, Probe } from "./probe.ts";
import type { Baseline, MethodSettings } from "./settings.ts";

/** What is known at a place. */
export interface GivenPlace {
  /** `[1, h, w, k]` */
  readonly activation: Tensor4D;
  /** Likewise. */
  readonly gradient?: Tensor4D | undefined;
  /** The target's value for a batch `[n, h, w, k]`. */
  readonly value?: ((batch: Tensor4D) => tf.Tensor) | undefined;
  /** What biases have part in the value, `[1, …, k]` each. */
  readonly biasParts?: readonly tf.Tensor[] | undefined;
}

function fail(what: string): never {
  throw new Error(`The method asked for ${what}`);
}

/** A place of given numbers; where a function gives the target's value, gradients are taken of it. */
export function givenPlace(
  { activation, gradient, value, biasParts = [] }: GivenPlace,
): Place & { dispose(): void } {
  const made: tf.Tensor[] = [];
  const valueOf = value ?? (() => fail("values"));
  const gradientOf = (x: Tensor4D) =>
    tf.grad((batch: tf.Tensor) => valueOf(batch as Tensor4D).sum())(x) as Tensor4D;
  async function gradientAt(x: Tensor4D) {
    const result = gradientOf(x);
    const of = tf.tidy(() => valueOf(x).sum());
    const [number] = await of.data();
    of.dispose();
    return { value: number!, gradient: result };
  }
  async function values(count: number, make: Parameters<Place["values"]>[1]): Promise<Float32Array> {
    const all = new Float32Array(count);
    for (let from = 0; from < count; from += 3) {
      const batch = await make(from, Math.min(from + 3, count));
      const some = tf.tidy(() => valueOf(batch));
      all.set(await some.data(), from);
      tf.dispose([batch, some]);
    }
    return all;
  }
  return {
    path: "given",
    activation: () => Promise.resolve(activation),
    gradient() {
      if (gradient) return Promise.resolve(gradient);
      made.push(gradientOf(activation));
      return Promise.resolve(made.at(-1) as Tensor4D);
    },
    gradientAt,
    biasGradients(see) {
      for (const part of biasParts) see(part);
      return gradientAt(activation);
    },
    values,
    scores: values,
    dispose: () => tf.dispose(made),
  };
}

/** What a probe gives. */
export interface GivenProbe {
  readonly layer?: Place | undefined;
  readonly picture?: Place | undefined;
  /** Further layers by path, coarsest first. */
  readonly others?: Readonly<Record<string, Place>> | undefined;
  readonly settings?: MethodSettings | undefined;
  readonly attention?: AttentionProbe | undefined;
  /** The target's value for the photo as it is. */
  readonly value?: number | undefined;
  /** `[1, H, W, C]` each. */
  readonly baselines?: Partial<Record<Baseline, Tensor4D>> | undefined;
}

/** A probe of given places. */
export function givenProbe(
  { layer, picture, others = {}, settings = {}, attention, value, baselines = {} }: GivenProbe,
): Probe {
  return {
    tf,
    get layer() {
      return layer ?? fail("the layer");
    },
    get picture() {
      return picture ?? fail("the picture");
    },
    get attention() {
      return attention ?? fail("attention");
    },
    stages: [...layer ? [layer.path] : [], ...Object.keys(others)],
    at: (path) => layer?.path === path ? layer : others[path] ?? fail(`layer ${path}`),
    value: () => Promise.resolve(value ?? fail("the value")),
    scores: () => fail("the scores"),
    baseline: (kind) => Promise.resolve(baselines[kind] ?? fail(`the baseline ${kind}`)),
    settings,
    random() {
      let state = 1;
      return () => (state = state * 16807 % 2147483647) / 2147483647;
    },
    pause: () => Promise.resolve(),
  };
}

/** The raw map that a method gives, row by row. */
export async function rawMapOf(
  method: CamMethod | NamedMethod<string>,
  probe: Probe,
): Promise<{ shape: readonly number[]; data: number[] }> {
  const settings = { ...method.settings, ...probe.settings };
  const { map } = await method.map(Object.create(probe, { settings: { value: settings } }));
  const sum = tf.tidy(() => map.rank === 3 ? map.sum(-1) : map.clone());
  const data = [...await sum.data()];
  tf.dispose([map, sum]);
  return { shape: sum.shape, data };
}
