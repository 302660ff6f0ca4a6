import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { stepsOf } from "../arrays/array.ts";
import type { Made, NodeContext } from "../translator.ts";
import { constantOf, type Live } from "../value.ts";
import { tapPlaces, tapsOf } from "./taps.ts";
import type { Windows } from "./windows.ts";

/** Less than any number that stands in a picture. */
const lowest = -3.4e38;

/**
 * Where the largest number of each window stands among all of a value, `[N, C, …]` one after another.
 *
 * @param x `[N, …, C]`, stored with channels last.
 */
export function maxIndices(node: NodeContext, x: Live, windows: Windows, made: Made): Live {
  const extents = x.shape.slice(2), isByColumns = node.attributes.int("storage_order", 0) === 1;
  const steps = isByColumns ? stepsOf(extents.toReversed()).toReversed() : stepsOf(extents);
  const places = tapPlaces(windows, steps); // [windows, taps]
  const taps = countOf(windows.kernel), channels = x.shape[1]!, size = countOf(extents);
  const ofTaps = constantOf("float32", [1, ...windows.sizes, 1, taps], places);
  const ofChannels = constantOf(
    "float32",
    [channels],
    Float32Array.from({ length: channels }, (_, at) => at * size),
  );
  const run = (x: tf.Tensor, ofTaps: tf.Tensor, ofChannels: tf.Tensor) => {
    const seen = tf.stack(tapsOf(x, windows, lowest), -1); // [N, …, C, taps]
    const which = tf.oneHot(tf.argMax(seen, -1) as tf.Tensor1D, taps).cast("float32");
    const ofPictures = tf.range(0, x.shape[0]!).mul(channels * size).reshape([
      -1,
      ...x.shape.slice(1).map(() => 1),
    ]);
    return which.mul(ofTaps).sum(-1).add(ofChannels).add(ofPictures).cast("int32");
  };
  return node.compute([x, ofTaps, ofChannels], (x, ofTaps, ofChannels) => run(x!, ofTaps!, ofChannels!), {
    ...made,
    type: "int64",
    part: "indices",
  });
}
