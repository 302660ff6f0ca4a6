import { hasBothSigns, type MapScale } from "../base/scaling.ts";
import type { CamMethod } from "../methods/mod.ts";
import type { ExplainRequest } from "./request.ts";

/** How a map is scaled. */
export interface Scaling {
  readonly scale: MapScale;
  /** Whether values below zero are cut off before. */
  readonly relu: boolean;
}

/**
 * How the maps of a method are scaled: as is asked for; else as the method says; else with zero in the middle where values
 * below zero are kept and there are some of both signs, and otherwise from the least to the most. To scale by the maximum
 * is to cut off what is below zero.
 *
 * @param method The method.
 * @param asked What is asked for.
 * @param maps Its raw maps: of one target at all layers.
 */
export function scalingOf(
  method: Pick<CamMethod, "relu" | "scale">,
  asked: Pick<ExplainRequest, "relu" | "scale">,
  maps: readonly Float32Array[],
): Scaling {
  const told = asked.scale ?? method.scale;
  const relu = asked.scale === "maximum" || (asked.relu ?? method.relu);
  const isSigned = !relu && maps.some(hasBothSigns);
  return { scale: told ?? (isSigned ? "symmetric" : "range"), relu };
}

/** Cut off what is below zero. */
export function cutOff(map: Float32Array): Float32Array {
  return map.map((value) => Math.max(value, 0));
}
