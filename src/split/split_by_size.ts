import type { Tensor, Tensor4D } from "../base/tensors.ts";
import type { HeadResult, SplitModel } from "./model.ts";

/** What tells the activations of pictures of one size from those of others: the shapes of all that passes the cut. */
function passedKey(activation: Tensor4D, carried: readonly Tensor[]): string {
  return [activation, ...carried].map(({ shape: [_, ...rest] }) => rest.join("x")).join();
}

/**
 * A model cut in two whose operations are others for each size of the picture: those for the picture that the head was
 * given, and from the layer on those for the picture that such an activation was last of.
 *
 * @param usual The cut for the usual size, whose layer and warnings are those of all.
 * @param forPicture The same cut for the size of a picture.
 */
export function splitBySize(usual: SplitModel, forPicture: (x: Tensor4D) => SplitModel): SplitModel {
  const bySize = new Map<string, SplitModel>();
  const byPassed = new Map<string, SplitModel>();
  const at = (x: Tensor4D) => {
    const key = x.shape.slice(1).join("x");
    const split = bySize.get(key) ?? forPicture(x);
    bySize.set(key, split);
    return split;
  };
  const noting = (split: SplitModel, result: HeadResult) => {
    byPassed.set(passedKey(result.activation, result.carried), split);
    return result;
  };
  const behind = (activation: Tensor4D, carried: readonly Tensor[]) =>
    byPassed.get(passedKey(activation, carried)) ?? usual;
  return {
    ...usual,
    head: (x) => noting(at(x), at(x).head(x)),
    headInTurns: async (x, pause) => noting(at(x), await at(x).headInTurns(x, pause)),
    tail: (activation, carried) => behind(activation, carried).tail(activation, carried),
    tailInSteps: (activation, carried, how) =>
      behind(activation, carried).tailInSteps(activation, carried, how),
    rerun: (activations, carried, pause) => behind(activations, carried).rerun(activations, carried, pause),
    walk: (activation, carried, how) => behind(activation, carried).walk(activation, carried, how),
    ...(usual.direct && { direct: (activation) => behind(activation, []).direct?.(activation) }),
  };
}
