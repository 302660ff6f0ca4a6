import * as tf from "../../../base/tfjs.ts";
import type { KerasLayer, Settings } from "./keras_layer.ts";

function countOf({ count }: Settings): number {
  return Number(count);
}

/** Tokens that were learned, before others. `[n, t, k]` → `[n, count + t, k]` */
export const hubTokensLayer: KerasLayer = {
  className: "HubTokens",
  quiet: true,
  weights: (settings, input) =>
    Array.from({ length: countOf(settings) }, (_, index) => ({
      name: `token_${index}`,
      shape: [1, 1, input.at(-1)!],
    })),
  shape: ([batch, tokens, ...rest], settings) => [
    batch!,
    typeof tokens === "number" ? tokens + countOf(settings) : null,
    ...rest,
  ],
  call([x], _settings, weights) {
    const batch = x!.shape[0]!;
    const spread = batch === 1 ? [...weights] : weights.map((token) => token.tile([batch, 1, 1]));
    return tf.concat([...spread, x!], 1);
  },
};

/** What was learned to tell tokens apart, added to them. */
export const hubPositionsLayer: KerasLayer = {
  className: "HubPositions",
  quiet: true,
  weights: ({ shape }) => [{ name: "embeddings", shape: shape as number[] }],
  shape: (input) => input,
  call: ([x], _settings, [embeddings]) => x!.add(embeddings!),
};
