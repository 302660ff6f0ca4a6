import * as tf from "@tensorflow/tfjs";
import type { Preprocessing } from "../preprocess.ts";
import { cutAt, type Vertex } from "./cut.ts";
import { type FlatModel, flatten, type Step } from "./flatten.ts";
import { chooseLayer } from "./layer_choice.ts";
import type {
  ExplainableModel,
  HeadResult,
  LayerInfo,
  ModelRecord,
  SplitModel,
  SplitOptions,
  TensorInfo,
} from "./mod.ts";
import { findImageInput, otherInputs } from "./inputs.ts";
import { layersModelScaling } from "./own_scaling.ts";
import { findOutput } from "./outputs.ts";
import { findFinalStep, runBare, runStep, runTaped } from "./layer_steps.ts";
import { activate, isBinary, toScores } from "./scores.ts";

/** How a step is run. */
type Runner = (step: Step, inputs: tf.Tensor[]) => tf.Tensor[];

/** Run a step and add what it gives to the values there are. */
function advance(step: Step, known: Map<string, tf.Tensor>, runner: Runner): void {
  const results = runner(step, step.inputs.map((id) => known.get(id)!));
  step.outputs.forEach((id, index) => known.set(id, results[index]!));
}

/** A TensorFlow.js layers model: its layers are called one by one, in the order of its graph. */
export class LayersModelAdapter implements ExplainableModel {
  readonly format: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly labels: readonly string[] | undefined;
  readonly preprocessing: Preprocessing | undefined;
  readonly writer: string | undefined;
  readonly notes: readonly string[];
  readonly #model: tf.LayersModel;
  readonly #flat: FlatModel;
  readonly #owned: boolean;

  /**
   * @param model The model; it stays the caller's unless the record says `owned`.
   * @param record What else is known of it.
   */
  constructor(model: tf.LayersModel, record: ModelRecord = {}) {
    this.#model = model;
    this.#flat = flatten(model);
    this.#owned = record.owned ?? false;
    this.format = record.format ?? "tfjs-layers";
    // A Sequential that was loaded lists no names; a tensor's own ends in a number that counts on from load to load.
    this.inputs = model.inputs.map(({ sourceLayer, shape }, index) => ({
      name: model.inputNames[index] ?? sourceLayer.name,
      shape,
    }));
    this.outputs = model.outputs.map(({ sourceLayer, shape }, index) => ({
      name: model.outputNames[index] ?? sourceLayer.name,
      shape,
    }));
    this.labels = record.labels;
    this.writer = record.writer;
    this.notes = record.notes ?? [];
    this.preprocessing = record.preprocessing ?? layersModelScaling(this.#flat);
  }

  get layers(): readonly LayerInfo[] {
    return this.#flat.layers;
  }

  split(name?: string, options: SplitOptions = {}): SplitModel {
    const { output = 0, score = "output", region } = options;
    const { layers, steps, outputs, values, inputs } = this.#flat;
    const { path, warnings: notes } = chooseLayer(layers, name);
    const at = values.get(path)!;
    const outputIndex = findOutput(this.outputs, output);
    const target = outputs[outputIndex]!;
    const final = findFinalStep(steps, target);
    const warnings = [...notes];
    if (score === "logit" && !final) {
      warnings.push("The model ends in no softmax or sigmoid: its output is taken as the logit");
    }
    const bare = score === "logit" ? final?.step : undefined;
    const binary = isBinary(this.outputs[outputIndex]!, final?.activation);
    const order: Vertex[] = [
      ...inputs.map((id) => ({ id, inputs: [] })),
      ...steps.flatMap((step) => step.outputs.map((id) => ({ id, inputs: step.inputs }))),
    ];
    const cut = cutAt(order, at, target);
    const producers = new Map(steps.flatMap((step) => step.outputs.map((id) => [id, step])));
    const stepsOf = (ids: readonly string[]) => [...new Set(ids.flatMap((id) => producers.get(id) ?? []))];
    const headSteps = stepsOf(cut.head);
    const tailSteps = stepsOf(cut.tail);
    return {
      layer: path,
      warnings,
      connected: cut.tail.length > 0 || at === target,
      finalActivation: final?.activation,
      binary,
      head: (x) =>
        this.#head(
          this.#feed(x, options),
          headSteps,
          [at, ...cut.carried],
          (step, taken) => step === bare ? runBare(step, taken) : runStep(step, taken),
        ),
      tail: (activation, carried) =>
        tf.tidy(() => {
          const known = new Map<string, tf.Tensor>([[at, activation]]);
          cut.carried.forEach((id, index) => known.set(id, carried[index]!));
          for (const step of tailSteps) advance(step, known, step === bare ? runBare : runTaped);
          return toScores(known.get(target)!, { binary, region }, bare === undefined);
        }),
      finish: (scores) => tf.tidy(() => activate(scores, bare && final?.activation)),
    };
  }

  predict(x: tf.Tensor4D, options: Pick<SplitOptions, "output" | "input" | "inputs"> = {}): tf.Tensor2D {
    const target = this.#flat.outputs[findOutput(this.outputs, options.output ?? 0)]!;
    const { activation, carried } = this.#head(this.#feed(x, options), this.#flat.steps, [target]);
    try {
      return tf.tidy(() => toScores(activation, { binary: false }, true));
    } finally {
      tf.dispose([activation, carried]);
    }
  }

  dispose(): void {
    if (!this.#owned) return;
    const weights = this.#flat.steps.flatMap(({ layer }) => layer.weights.map((weight) => weight.read()));
    this.#model.dispose();
    for (const weight of weights) if (!weight.isDisposed) weight.dispose(); // TensorFlow.js forgets nested models'
  }

  /** Which value is fed to each input. */
  #feed(x: tf.Tensor4D, { input, inputs }: Pick<SplitOptions, "input" | "inputs">): Map<string, tf.Tensor> {
    const others = otherInputs(this.inputs, findImageInput(this.inputs, input), inputs);
    return new Map(this.#flat.inputs.map((id, index) => [id, others[index] ?? x]));
  }

  /** Run steps on the inputs, disposing each value after its last use, and return those wanted. */
  #head(
    feed: ReadonlyMap<string, tf.Tensor>,
    steps: readonly Step[],
    wanted: readonly string[],
    runner: Runner = runStep,
  ): HeadResult {
    const lastUse = new Map<string, number>();
    steps.forEach((step, index) => step.inputs.forEach((id) => lastUse.set(id, index)));
    const kept = new Set([...wanted, ...feed.keys()]);
    return tf.tidy(() => {
      const known = new Map(feed);
      steps.forEach((step, index) => {
        advance(step, known, runner);
        for (const id of [...step.inputs, ...step.outputs]) {
          if (kept.has(id) || (lastUse.get(id) ?? index) > index) continue;
          known.get(id)?.dispose();
          known.delete(id);
        }
      });
      const [activation, ...carried] = wanted.map((id) => feed.get(id)?.clone() ?? known.get(id)!);
      return { activation: activation as tf.Tensor4D, carried };
    });
  }
}
