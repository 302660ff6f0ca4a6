import * as tf from "../base/tfjs.ts";
import { reasonIn } from "../../backends/cannot_compute.ts";
import { forgetGpuRefusals, throwIfGpuRefused } from "../../backends/gpu_errors.ts";
import { openPass } from "./pass.ts";
import { isChannelCount } from "../base/tensor_info.ts";
import { isInput, isSpatial } from "../split/layer_choice.ts";
import type { ExplainableModel, HeadResult, SplitModel, TensorInfo } from "../split/model.ts";

/** Where a map can be taken of a model, on the backend in use. */
export interface Trial {
  /** Paths of the layers with height and width. */
  readonly spatial: readonly string[];
  /** Those of them that no output depends on. */
  readonly unreached: readonly string[];
  /** Those of them whose gradient cannot be computed, and why. */
  readonly failing: readonly { readonly path: string; readonly reason: string }[];
  /** Whether the scores for a grey picture are numbers; `undefined` where they could not be computed. */
  readonly finite: boolean | undefined;
}

/** Height and width to try a model with that takes any. */
const usualSize = 224;

/** What one gradient came to: whether the scores were numbers, or why it failed. */
type Outcome = { readonly finite: boolean } | { readonly reason: string };

function greyInput({ shape, dtype }: TensorInfo): tf.Tensor4D {
  const [, height, width, channels] = shape;
  const size: [number, number, number, number] = [1, height ?? usualSize, width ?? usualSize, channels ?? 3];
  return tf.fill(size, dtype === "int32" ? 127 : 0.5, dtype ?? "float32") as tf.Tensor4D;
}

/** Which input the grey picture goes into; where several could take it, the first: the others are pictures too. */
function pictureOf(inputs: readonly TensorInfo[]): number {
  const isPicture = ({ shape }: TensorInfo) => shape.length === 4;
  const best = inputs.findIndex((input) => isPicture(input) && isChannelCount(input.shape[3]));
  return best >= 0 ? best : inputs.findIndex(isPicture);
}

function zerosFor({ shape, dtype }: TensorInfo): tf.Tensor {
  return tf.zeros([1, ...shape.slice(1).map((size) => size ?? 1)], dtype ?? "float32");
}

/** From a layer to the scores, and back from all of them. */
async function goThereAndBack(split: SplitModel, head: HeadResult) {
  const pass = await openPass(split, head);
  const weights = tf.onesLike(pass.scores);
  try {
    return { gradient: await pass.gradient(weights), scores: pass.scores.clone() };
  } finally {
    pass.dispose();
    weights.dispose();
  }
}

/** Run a cut model forward and back. */
async function attempt(split: SplitModel, x: tf.Tensor4D): Promise<Outcome> {
  const made: tf.Tensor[] = [];
  forgetGpuRefusals();
  try {
    const head = split.head(x);
    made.push(head.activation, ...head.carried);
    const { scores, gradient } = await goThereAndBack(split, head);
    made.push(scores, gradient);
    await gradient.data(); // on a GPU failures may show but now
    const finite = (await scores.data()).every(Number.isFinite);
    throwIfGpuRefused();
    return { finite };
  } catch (error) {
    return { reason: reasonIn((error instanceof Error ? error.message : String(error)).split("\n")[0]!) };
  } finally {
    tf.dispose(made);
  }
}

/** What is known of the layers while outputs are tried one after the other. */
interface Findings {
  /** Layers that an output depends on. */
  readonly reached: Set<string>;
  /** Those whose gradient could be computed. */
  readonly explained: Set<string>;
  /** Why it could not, by layer. */
  readonly reasons: Map<string, string>;
  /** Whether all scores were numbers so far. */
  finite: boolean | undefined;
}

/** Try one cut; whether its gradient could be computed. */
async function tryCut(split: SplitModel, x: tf.Tensor4D, findings: Findings): Promise<boolean> {
  const outcome = await attempt(split, x);
  if ("reason" in outcome) {
    findings.reasons.set(split.layer, outcome.reason);
    return false;
  }
  findings.finite = outcome.finite && findings.finite !== false;
  return true;
}

/** Try the cuts that lead to one output: the one before all others first, and all of them if it fails. */
async function tryOutput(
  cuts: ReadonlyMap<string, SplitModel>,
  first: string | undefined,
  x: tf.Tensor4D,
  findings: Findings,
): Promise<void> {
  const whole = first === undefined ? undefined : cuts.get(first);
  if (whole && await tryCut(whole, x, findings)) {
    for (const path of cuts.keys()) findings.explained.add(path);
    return;
  }
  for (const [path, split] of cuts) {
    if (split === whole || findings.explained.has(path)) continue;
    if (await tryCut(split, x, findings)) findings.explained.add(path);
  }
}

/**
 * Find out where a map can be taken, by computing gradients for a grey picture. One gradient back to the picture, for
 * each output, needs all that the gradient of any layer needs; only where it fails are the layers tried one by one.
 *
 * @param model The model.
 * @returns No layers where it takes no picture.
 */
export async function tryLayers(model: ExplainableModel): Promise<Trial> {
  const { inputs, outputs, layers } = model;
  const image = pictureOf(inputs);
  if (image < 0) return { spatial: [], unreached: [], failing: [], finite: undefined };
  const spatial = layers.filter(isSpatial).map(({ path }) => path);
  const { name } = inputs[image]!;
  // Where the picture is no layer of its own, the model is a chain of layers, and all hang on the first.
  const isListed = layers.some((layer) => isInput(layer) && layer.path === name);
  const findings: Findings = {
    reached: new Set(),
    explained: new Set(),
    reasons: new Map(),
    finite: undefined,
  };
  const x = greyInput(inputs[image]!);
  const others = Object.fromEntries(
    inputs.flatMap((input, index) => index === image ? [] : [[input.name, zerosFor(input)]]),
  );
  try {
    for (const output of outputs.keys()) {
      const splits = spatial.map((path) => model.split(path, { output, input: image, inputs: others }));
      const cuts = new Map(splits.flatMap((split) => split.connected ? [[split.layer, split]] : []));
      for (const path of cuts.keys()) findings.reached.add(path);
      await tryOutput(cuts, isListed ? name : cuts.keys().next().value, x, findings);
    }
  } finally {
    tf.dispose([x, ...Object.values(others)]);
  }
  const { reached, explained, reasons, finite } = findings;
  return {
    spatial,
    unreached: spatial.filter((path) => !reached.has(path)),
    failing: spatial.filter((path) => reached.has(path) && !explained.has(path)).map((path) => ({
      path,
      reason: reasons.get(path)!,
    })),
    finite,
  };
}
