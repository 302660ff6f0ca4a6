import { scoreText } from "../../base/score_text.ts";
import { contourQuantile } from "../contour.ts";
import type { Drawable, DrawnMap, RenderOptions } from "./rendering.ts";

/** What stands above a picture: what was explained, and its score, which is never cut. */
export interface Title {
  /** The class's name. */
  readonly name: string;
  /** Its score. */
  readonly score: string;
}

/**
 * The title of a class's map.
 *
 * @param map The map.
 * @param unit How the output is read, where it is one number.
 */
export function titleOf(map: DrawnMap, unit: Drawable["unit"]): Title {
  const { classIndex, label, target } = map;
  const name = unit === "regression" ? "regression" : `class ${classIndex}`;
  return { name: target ?? (label || name), score: numberOf(map) };
}

/** The number that was explained: a class's score, or the target's value. */
export function numberOf(map: DrawnMap): string {
  return map.value === undefined ? scoreText(map) : map.value.toFixed(3);
}

/** How a map came about, in words: each thing and what it is called. */
export function detailsOf(
  { photoName, modelName, layer, scoreKind }: Drawable,
  { classIndex, label, method, relu, target }: DrawnMap,
  { contour = false }: Pick<RenderOptions, "contour">,
): [thing: string, value: string][] {
  const details: [string, string | undefined][] = [
    ["photo", photoName],
    ["model", modelName],
    ["class", label && target === undefined ? String(classIndex) : undefined],
    ["layer", layer],
    ["method", method],
    ["score", scoreKind],
    ["values below zero", relu ? "cut off" : "kept"],
    ["contour", contour ? `upper ${Math.round((1 - contourQuantile) * 100)} %` : undefined],
  ];
  return details.filter((detail): detail is [string, string] => detail[1] !== undefined);
}
