import { normalize } from "../base/heatmap.ts";
import { scaleMap } from "../base/scaling.ts";
import type { MapComponent } from "../methods/method.ts";
import { cutOff, scalingOf } from "./map_scale.ts";
import type { RawMap } from "./method_map.ts";
import { diagnose } from "./diagnosis.ts";
import type { ClassMap, ComponentMap } from "./record.ts";
import type { ExplainRequest } from "./request.ts";
import { probabilityOf } from "./units.ts";

/** What all maps of one picture have in common. */
export interface MapContext {
  /** The model's own output for all classes. */
  readonly scores: Float32Array;
  /** Whether the model's input holds nothing but numbers. */
  readonly isInputFinite: boolean;
}

/** Scale a component's map to 0 … 1, and name its classes. */
function finishComponent({ labels, eps }: ExplainRequest, { map, classes }: MapComponent): ComponentMap {
  return {
    heatmap: { ...map, data: normalize(map.data, eps) },
    raw: map,
    classes: classes.map(({ classIndex, score }) => ({ classIndex, label: labels?.[classIndex], score })),
  };
}

/**
 * Scale a class's raw map to 0 … 1, and judge it.
 *
 * @param request What was asked for.
 * @param map The map as the method gave it.
 * @param context What all maps have in common.
 */
export function finishMap(request: ExplainRequest, map: RawMap, context: MapContext): ClassMap {
  const { split, moreSplits, labels, eps, score: scoreKind, counterfactual } = request;
  const { target: { classIndex, title }, value, method, raw, gradientVanishes, components, details } = map;
  const { scale, relu } = scalingOf(method, request, [raw.data]);
  const data = relu ? cutOff(raw.data) : raw.data;
  return {
    classIndex,
    label: labels?.[classIndex],
    score: context.scores[classIndex]!,
    ...probabilityOf(split, context.scores[classIndex]!),
    method: method.name,
    target: title,
    value,
    relu,
    scale,
    details,
    ...(components && { components: components.map((one) => finishComponent(request, one)) }),
    heatmap: { ...raw, data: scaleMap(data, scale, eps) },
    raw,
    ...diagnose({
      ...context,
      raw: raw.data,
      classIndex,
      gradientVanishes,
      connected: [split, ...moreSplits].some(({ connected }) => connected),
      ofTokens: [split, ...moreSplits].every(({ tokens }) => tokens !== undefined),
      scoreKind,
      finalActivation: split.finalActivation,
      relu,
      counterfactual,
    }),
  };
}
