import { turned } from "./arrays.ts";
import type { KerasWeights } from "./keras_file.ts";
import { type LayerNode, leavesOf } from "./layer_tree.ts";

/** Layers whose kernels Theano turns round before it slides them over a picture. */
const convolutions = /^Conv([123]D|2DTranspose|3DTranspose)$/;

/**
 * Weights that were trained on Theano, whose convolutions turn their kernels round: they are turned back, as Keras 2 does
 * when it opens such a file on TensorFlow.
 *
 * @param tree The architecture.
 */
export function fromTheano(weights: KerasWeights, tree: LayerNode): KerasWeights {
  const kernels = new Set(
    leavesOf(tree).filter(({ node }) => convolutions.test(node.className)).map(({ path }) =>
      JSON.stringify(path)
    ),
  );
  return {
    assign: (layers) =>
      weights.assign(layers).map((read, index) => {
        if (!kernels.has(JSON.stringify(layers[index]!.path))) return read;
        return () =>
          read()?.map((array) => array.shape.length > 2 ? turned(array, array.shape.length - 2) : array);
      }),
  };
}
