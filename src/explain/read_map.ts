import * as tf from "../base/tfjs.ts";
import { throwIfGpuRefused } from "../../backends/gpu_errors.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { MethodResult } from "../methods/method.ts";
import { firstPrincipalComponent } from "../methods/principal/principal_component.ts";
import type { Smoothing } from "./smoothing.ts";

/** The first principal component of the channels' parts, `[h, w, k]`, in the place of their sum. */
async function readPrincipal(parts: tf.Tensor3D, pause: () => Promise<void>): Promise<Heatmap> {
  const [height, width, columns] = parts.shape;
  const data = await parts.data() as Float32Array;
  throwIfGpuRefused();
  const rows = { data, rows: height * width, columns };
  return { data: await firstPrincipalComponent(rows, pause), height, width };
}

/** The map, or the sum of the channels' parts. */
async function readSum(map: MethodResult["map"]): Promise<Heatmap> {
  const sum = tf.tidy(() => map.rank === 3 ? map.sum<tf.Tensor2D>(-1) : map.clone() as tf.Tensor2D); // [h, w]
  try {
    const [height, width] = sum.shape;
    const data = await sum.data() as Float32Array;
    throwIfGpuRefused();
    return { data, height, width };
  } finally {
    sum.dispose();
  }
}

/**
 * The raw map of what a method found.
 *
 * @param found Its map is disposed.
 * @param smooth How it is smoothed, where it has parts by channel.
 * @param pause Awaited in long work; what it throws ends it.
 */
export async function readMap(
  { map }: MethodResult,
  smooth: Smoothing | undefined,
  pause: () => Promise<void>,
): Promise<Heatmap> {
  try {
    return smooth === "principal" && map.rank === 3
      ? await readPrincipal(map as tf.Tensor3D, pause)
      : await readSum(map);
  } finally {
    map.dispose();
  }
}
