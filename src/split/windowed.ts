import type { LayerInfo } from "./model.ts";

/** How many windows a layer's tokens lie in, and how many there are in each; `undefined` where its output is something else. */
export function windowsOf(
  { outputShape }: LayerInfo,
): readonly [windows: number, tokens: number] | undefined {
  const [windows, tokens] = outputShape;
  return outputShape.length === 3 && windows && windows > 1 && tokens ? [windows, tokens] : undefined;
}
