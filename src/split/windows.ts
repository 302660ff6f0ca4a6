import * as tf from "../base/tfjs.ts";
import { atOnce } from "../../backends/at_once.ts";
import { Activation } from "../operations/activation.ts";
import { Affine } from "../operations/affine.ts";
import { Linear } from "../operations/linear.ts";
import { Normalization } from "../operations/normalization.ts";
import type { Operation } from "../operations/operation.ts";
import { Sum } from "../operations/sum.ts";
import type { WindowGrid } from "../operations/window_view.ts";
import type { LayerInfo } from "./model.ts";
import { cutOperations, type OperationGraph, upstreamOf } from "./split_operations.ts";
import { windowsOf } from "./windowed.ts";

/** A layer, and the id of its value. */
export interface ValuedLayer extends LayerInfo {
  readonly id: string;
}

/** The operations that stand between two layers. */
function between(graph: OperationGraph, from: ValuedLayer, to: ValuedLayer): Operation[] {
  const before = upstreamOf(graph, from.id), all = upstreamOf(graph, to.id);
  return graph.operations.filter(({ outputs }) => outputs.some((id) => all.has(id) && !before.has(id)));
}

/** Whether an operation gives other numbers than it takes. */
function computes(operation: Operation): boolean {
  return [Activation, Affine, Linear, Normalization, Sum].some((kind) => operation instanceof kind);
}

/** The place in the picture of each token, window by window, where what lies between only puts them in another order. */
function tracePlaces(
  graph: OperationGraph,
  picture: ValuedLayer,
  tokens: ValuedLayer,
): Int32Array | undefined {
  const [, height, width, channels] = picture.outputShape as [null, number, number, number];
  if (between(graph, picture, tokens).some(computes)) return undefined;
  const { rerun, passed } = cutOperations(graph, picture.id, tokens.id);
  if (passed.length > 1) return undefined;
  const values = sendOn(
    [height, width, channels],
    (places) => rerun.run(new Map([[picture.id, places]]))[0]!,
  );
  if (!values) return undefined;
  const isEven = values.every((value, at) => value === values[at - at % channels]);
  const places = Int32Array.from(
    { length: values.length / channels },
    (_, token) => values[token * channels]!,
  );
  const isWhole = new Set(places).size === height * width && places.length === height * width;
  return isEven && isWhole && places.every((place) => place >= 0 && place < height * width)
    ? places
    : undefined;
}

/** What becomes of a picture whose pixels hold their places; `undefined` where it cannot be computed and read at once. */
function sendOn(
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  run: (places: tf.Tensor) => tf.Tensor,
): Float32Array | undefined {
  try {
    return atOnce(() =>
      tf.tidy(() => {
        const ones = tf.ones([1, 1, 1, channels]);
        const places = tf.range(0, height * width).reshape([1, height, width, 1]).mul(ones);
        return run(places).dataSync<"float32">().slice();
      })
    );
  } catch {
    return undefined; // such as with weights that lie on a GPU
  }
}

/**
 * How the tokens of a layer, cut into windows, lie on the picture: the places of the picture's pixels are sent on to them.
 *
 * @param graph What the model computes.
 * @param layer The layer.
 * @param layers All layers in the order of the model.
 * @returns `undefined` where something else than cutting stands between the picture and the windows.
 */
export function findWindows(
  graph: OperationGraph,
  layer: ValuedLayer,
  layers: readonly ValuedLayer[],
): WindowGrid | undefined {
  const [windows, tokens] = windowsOf(layer)!;
  const above = upstreamOf(graph, layer.id);
  const pictures = layers.filter(({ id, outputShape: [batch, height, width], outputShape }) =>
    above.has(id) && outputShape.length === 4 && (batch === null || batch === 1) &&
    height! * width! === windows * tokens
  );
  const last = layers.findIndex(({ id }) => id === pictures.at(-1)?.id); // windows before it are of a block before
  const first = layers.find((one, at) => {
    const [own, count] = windowsOf(one) ?? [];
    return at > last && above.has(one.id) && own === windows && count === tokens;
  });
  if (last < 0 || !first) return undefined;
  let found: WindowGrid | undefined;
  // The nearest may have been shifted: it is gone back as far as nothing was computed.
  for (const picture of pictures.toReversed()) {
    const places = tracePlaces(graph, picture, first);
    if (!places) return found;
    const [, height, width] = picture.outputShape as [null, number, number, number];
    found = { windows, tokens, height, width, places };
  }
  return found;
}
