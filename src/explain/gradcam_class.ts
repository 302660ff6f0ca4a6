import { checkOptionTypes, type OptionRules, textRule, withoutRules } from "../base/options.ts";
import { gradcam } from "./gradcam.ts";
import { type GradcamOptions, gradcamRules } from "./gradcam_options.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { ImageInput } from "../input/image_input.ts";
import { findMethods } from "../methods/mod.ts";
import { splitFor } from "./default_cut.ts";
import { asExplainable, isModel, type Model } from "./model.ts";
import { splitAt } from "../split/default_layer.ts";

/** Options of {@linkcode GradCAM}: the layer, and all of {@linkcode gradcam}'s that are not asked for map by map. */
export interface GradCAMOptions
  extends Omit<GradcamOptions, "layer" | "classIndex" | "label" | "top" | "eps"> {
  /**
   * The layer to take maps at.
   * @default {the last layer with a 4-D output that the score depends on}
   */
  readonly layerName?: string | undefined;
}

/** What each of them can be. */
export const gradcamClassRules: OptionRules<GradCAMOptions> = {
  ...withoutRules(gradcamRules, "layer", "classIndex", "label", "top", "eps"),
  layerName: textRule("the name of a layer"),
};

/**
 * The reference's interface: a model and a layer once, then heatmaps of classes.
 *
 * @example
 * ```ts
 * import { GradCAM, loadModel } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const model = await loadModel();
 * const cam = new GradCAM(model);
 * assertEquals(cam.findOutputLayer(), "head_relu");
 * const { height, width } = await cam.computeHeatmap("testdata/photos/coffee.png", 967);
 * assertEquals([height, width], [7, 7]);
 * model.dispose();
 * ```
 */
export class GradCAM {
  readonly #model: Model;
  readonly #layerName: string | undefined;
  readonly #options: GradCAMOptions;

  /**
   * Explain a model at a layer. Nothing is computed yet.
   *
   * @param model A model that `loadModel` opened, or one of TensorFlow.js that the caller holds.
   * @param options The layer to take maps at, if not the last one with a 4-D output; and what goes for every map, such
   * as the output or the way pixels are scaled.
   * @throws {TypeError} If the model is none, or an option is unknown or of a wrong type.
   */
  constructor(model: Model, options: GradCAMOptions = {}) {
    if (!isModel(model)) asExplainable(model); // says what it takes
    checkOptionTypes("new GradCAM()", options, gradcamClassRules);
    const { layerName, ...others } = options;
    this.#model = model;
    this.#layerName = layerName;
    this.#options = others;
  }

  /**
   * The path of the layer that maps are taken at.
   *
   * @throws {LayerNotFoundError} If the model has no 4-D layer, or none of the name given.
   * @throws {RangeError} If it has no such output.
   */
  findOutputLayer(): string {
    const { output = 0, grid, tokens, method = "gradcam", settings = {} } = this.#options;
    const model = asExplainable(this.#model), cutting = { output, grid, tokens };
    if (this.#layerName !== undefined) return splitAt(model, this.#layerName, cutting).layer;
    return splitFor(model, findMethods(method, settings), cutting).layer;
  }

  /**
   * The map of one class.
   *
   * @param image As in {@linkcode gradcam}.
   * @param classIndex The class, from 0.
   * @param eps Added to the map's range when it is divided by it.
   * @returns The map, 0 to 1, as large as the layer's output.
   * @throws {RangeError} If the model has no such class.
   */
  async computeHeatmap(image: ImageInput, classIndex: number, eps = 1e-8): Promise<Heatmap> {
    const { heatmap } = await gradcam(this.#model, image, {
      ...this.#options,
      layer: this.#layerName,
      classIndex,
      eps,
    });
    return heatmap;
  }
}
