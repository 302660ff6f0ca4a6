import type * as tf from "../base/tfjs.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { randomNumbers } from "../explain/random.ts";
import { type ExplainRequest, settle } from "../explain/request.ts";
import type { ImageInput } from "../input/image_input.ts";
import { Redraw, type RedrawStep, redrawSteps, stepsOf } from "../operations/redraw.ts";
import { exchangedModel } from "../split/exchanged_model.ts";
import type { ExplainableModel } from "../split/model.ts";

/** A model whose last layers have new weights, settled as the model itself was. */
export interface RandomisedModel {
  /** The layer furthest from the output whose weights are new. */
  readonly layer: string;
  /** How many of those layers keep their weights, since these cannot be drawn. */
  readonly kept: number;
  readonly request: ExplainRequest;
}

/** What a model was settled with. */
export interface RandomisedParts {
  readonly model: ExplainableModel;
  readonly image: ImageInput;
  /** At the layers that the model was cut at. */
  readonly options: GradcamOptions;
  /** What goes into the model's other inputs. */
  readonly values: Readonly<Record<string, tf.Tensor>>;
  readonly seed: number;
}

/** A model with more and more new weights: each stage is settled when it is first asked for, and shared by all maps. */
export class RandomisedModels {
  readonly #parts: RandomisedParts;
  readonly #redraw: Redraw;
  readonly #stages = new Map<number, RandomisedModel | undefined>();

  constructor(parts: RandomisedParts) {
    this.#parts = parts;
    this.#redraw = new Redraw((name) => randomNumbers(parts.seed, `weights ${name}`));
  }

  /**
   * The model of a stage.
   *
   * @param share How much of it has new weights, from the last layer on, 0 to 1.
   * @returns `undefined` where it has no weights that could be drawn.
   */
  async at(share: number): Promise<RandomisedModel | undefined> {
    if (!this.#stages.has(share)) this.#stages.set(share, await this.#settle(share));
    return this.#stages.get(share);
  }

  /** Free what was made. */
  dispose(): void {
    for (const stage of this.#stages.values()) stage?.request.dispose();
    this.#redraw.dispose();
  }

  async #settle(share: number): Promise<RandomisedModel | undefined> {
    const { model, image, options, values } = this.#parts;
    let changed: readonly RedrawStep[] = [];
    const exchanged = exchangedModel(model, (operations) => {
      const steps = redrawSteps(operations);
      changed = steps.slice(0, stepsOf(steps.length, share));
      return this.#redraw.exchange(operations, share);
    });
    const request = await settle(exchanged, image, options);
    Object.assign(request.values, values);
    const kept = changed.filter(({ isKept }) => isKept).length;
    if (kept < changed.length) return { layer: changed.at(-1)!.name, kept, request };
    request.dispose();
    return undefined;
  }
}
