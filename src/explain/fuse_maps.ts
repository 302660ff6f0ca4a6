import { type Heatmap, resizeHeatmap } from "../base/heatmap.ts";
import { scaleMap } from "../base/scaling.ts";
import type { CamMethod } from "../methods/mod.ts";
import { cutOff, scalingOf } from "./map_scale.ts";
import type { ExplainRequest } from "./request.ts";

/** The mean of maps, as large as the largest of them. */
function meanOf(maps: readonly Heatmap[]): Heatmap {
  const largest = maps.reduce((one, other) => other.data.length > one.data.length ? other : one);
  const resized = maps.map((map) => resizeHeatmap(map, largest));
  const data = largest.data.map((_, at) =>
    resized.reduce((sum, { data }) => sum + data[at]!, 0) / resized.length
  );
  return { ...largest, data };
}

/**
 * One map of those of several layers. Each is scaled as a map of its own would be, so that layers whose values are large do
 * not outdo the others, and their mean is taken, unless the method has a rule for maps without negative values. Of maps
 * that have zero in their middle the parts above and below it are averaged, so that zero stays 0.
 *
 * @param method The method whose maps they are.
 * @param maps Its raw maps of one target; a single one stays as it is.
 * @param request How they are scaled.
 * @returns The raw map: it is scaled once more, as any other.
 */
export function fuseMaps(
  method: Pick<CamMethod, "relu" | "scale" | "fuse">,
  maps: readonly Heatmap[],
  request: Pick<ExplainRequest, "relu" | "scale" | "eps">,
): Heatmap {
  const [first, ...others] = maps;
  if (others.length === 0) return first!;
  const { scale, relu } = scalingOf(method, request, maps.map(({ data }) => data));
  const kept = relu ? maps.map((map) => ({ ...map, data: cutOff(map.data) })) : maps;
  if (relu && method.fuse) return method.fuse(kept);
  const middle = scale === "symmetric" ? 0.5 : 0;
  const scaled = (data: Float32Array) => scaleMap(data, scale, request.eps).map((value) => value - middle);
  return meanOf(kept.map((map) => ({ ...map, data: scaled(map.data) })));
}
