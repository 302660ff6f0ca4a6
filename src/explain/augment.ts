import * as tf from "../base/tfjs.ts";
import type { Heatmap } from "../base/heatmap.ts";
import type { Tensor4D } from "../base/tensors.ts";
import { fuseMaps } from "./fuse_maps.ts";
import { look, type LookOptions, type LookRequest } from "./look.ts";
import type { RawMaps } from "./maps.ts";

/** A way to change a photo that should not change what is seen in it. */
interface Variant {
  /** Whether left and right are exchanged. */
  readonly flipped: boolean;
  /** What the model's input is multiplied by. */
  readonly factor: number;
}

/** All of them, the photo as it is first: as pytorch-grad-cam's `aug_smooth` has them. */
const variants: readonly Variant[] = [false, true].flatMap((flipped) =>
  [1, 0.9, 1.1].map((factor) => ({ flipped, factor }))
);

/** How many there are. */
export const variantCount: number = variants.length;

/** A changed input, `[1, H, W, C]`; whole numbers are not multiplied. The caller disposes it. */
function change(x: Tensor4D, { flipped, factor }: Variant): Tensor4D {
  return tf.tidy(() => {
    const turned = flipped ? tf.reverse(x as tf.Tensor4D, 2) : x.clone() as tf.Tensor4D;
    return factor === 1 || x.dtype !== "float32" ? turned : turned.mul<tf.Tensor4D>(factor);
  });
}

/** A map of a photo whose left and right were exchanged, put back. */
function flip({ data, height, width }: Heatmap): Heatmap {
  const back = data.map((_, at) => data[at - at % width + width - 1 - at % width]!);
  return { data: back, height, width };
}

/**
 * Look at a photo and at its variants, which are flipped and made paler and stronger, and give the mean of the scaled maps:
 * what the maps have in common remains. Targets, scores and all numbers are those of the photo as it is.
 *
 * @param request What is asked for.
 * @param x The model's input, `[1, H, W, C]`; it stays the caller's.
 */
export async function lookAugmented(
  request: LookRequest,
  x: Tensor4D,
  options: LookOptions,
): Promise<RawMaps> {
  const [, ...others] = variants;
  const found = await look(request, x, { ...options, rounds: variants.length });
  const raws = found.maps.map(({ raw }) => [raw]);
  const times = found.maps.map(({ ms }) => ms);
  const targets = [...new Set(found.maps.map(({ target }) => target))];
  const again = { ...request, targets: () => targets };
  for (const variant of others) {
    const changed = change(x, variant);
    try {
      const { maps } = await look(again, changed, { ...options, rounds: 0, onHead: undefined });
      maps.forEach(({ raw, ms }, at) => {
        raws[at]!.push(variant.flipped ? flip(raw) : raw);
        times[at]! += ms;
      });
    } finally {
      changed.dispose();
    }
  }
  const maps = found.maps.map((map, at) => ({
    ...map,
    raw: fuseMaps({ relu: map.method.relu, scale: map.method.scale }, raws[at]!, request),
    ms: times[at]!,
  }));
  return { ...found, maps };
}
