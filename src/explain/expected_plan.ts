import { findMethods } from "../methods/mod.ts";
import { splitAt } from "../split/default_layer.ts";
import { findImageInput } from "../split/inputs.ts";
import type { ExplainableModel, Shape } from "../split/model.ts";
import { mappedShape } from "../split/layer_choice.ts";
import { withToldGrid } from "../split/told_grid.ts";
import { findOutput } from "../split/outputs.ts";
import { withFinerLayers } from "../split/suggested_layers.ts";
import { variantCount } from "./augment.ts";
import type { GradcamOptions } from "./gradcam_options.ts";
import { planMaps } from "./map_plan.ts";
import { planMethod } from "./method_map.ts";
import type { MapPlan } from "./progress.ts";
import { targetKindOf } from "./target_plan.ts";

/** A shape of four numbers, for one picture; what is not known is no number. */
function known([, ...rest]: Shape): [number, number, number, number] {
  const [height, width, channels] = rest.map((size) => size ?? NaN);
  return [1, height ?? NaN, width ?? NaN, channels ?? NaN];
}

/** What the model's input is for a photo. */
function pictureOf(model: ExplainableModel, { input, inputs = {}, size: wanted }: GradcamOptions): Shape {
  const size = wanted ?? model.preprocessing?.size ?? 224;
  const { shape } = model.inputs[findImageInput(model.inputs, input, Object.keys(inputs))]!;
  const [batch = null, height, width, channels = null] = shape;
  const [tall, wide] = typeof size === "number" ? [size, size] : size;
  return [batch, height ?? tall, width ?? wide, channels];
}

/**
 * What the maps of each photo will take, as far as the model's shapes tell before any photo is explained.
 *
 * @param classes How many classes of each photo are explained.
 * @returns `undefined` where they do not, or where a photo cannot be explained so.
 */
export function expectPlan(
  model: ExplainableModel,
  options: GradcamOptions,
  classes: number,
): MapPlan | undefined {
  try {
    const { method = "gradcam", settings = {}, layer } = options;
    const methods = findMethods(method, settings);
    const output = findOutput(model.outputs, options.output ?? 0);
    const paths = new Set(
      [layer].flat().map((name) =>
        splitAt(model, name, { output, grid: options.grid, tokens: options.tokens }).layer
      ),
    );
    const listed = withToldGrid(model.layers, options);
    const layers = [...paths].map((path) => {
      const layer = listed.find((one) => one.path === path);
      return known(layer ? mappedShape(layer) : []);
    });
    const picture = known(pictureOf(model, options));
    const stagesAt = (at: number) =>
      withFinerLayers(model, [...paths][at]!).filter((path) => model.split(path, { output }).connected);
    const { grid, tokens } = options;
    const blocks = model.attention?.({ grid, tokens })?.weights.length;
    const subject = { shapes: { layers, picture }, stagesAt, blocks };
    const planned = methods.map((method) => planMethod(method, settings, subject));
    const targets = targetKindOf(options).ofClasses ? classes : 1;
    const plan = planMaps(planned, targets * (options.augment ? variantCount : 1));
    return Number.isFinite(plan.passes) ? plan : undefined;
  } catch {
    return undefined; // what is wrong is told with the photos
  }
}
