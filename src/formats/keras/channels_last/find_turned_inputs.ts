import { isChannelCount } from "../../../base/tensor_info.ts";
import type { Json } from "../inbound.ts";
import { keepsPlaces } from "./elementwise.ts";
import { inputsOf, isModel, nameOf, outputsOf, takersIn } from "./model_links.ts";
import { toLast } from "./orders.ts";
import { isChannelsFirst, isUntold } from "./turned_settings.ts";

/** What is known of an input from what is done with it. */
interface Found {
  /** Whether it comes to a layer that takes its channels first, all on the way being of one shape. */
  readonly isFirst: boolean;
  /** Whether it leaves the model as one of its outputs so. */
  readonly leaves: boolean;
}

/** Whether a shape cannot be that of a picture whose channels are last. */
function looksChannelsFirst([, first, ...sizes]: readonly unknown[] = []): boolean {
  const last = sizes.at(-1);
  return sizes.length === 2 && isChannelCount(first as number) && (last === null || (last as number) > 4);
}

/** Classes along whose second axis the channels of a value with its channels first lie. */
const normalisations = /^(Sync)?(Batch|Group|Layer)?Normalization$/;

/** Whether a layer gives what it takes, each channel by itself. */
function keepsChannels(layer: Json, isSure: boolean): boolean {
  if (keepsPlaces(layer) || isUntold(layer)) return true;
  const own = String(layer.class_name).split(">").at(-1)!;
  if (normalisations.test(own)) {
    const { axis } = (layer.config ?? {}) as { axis?: unknown };
    return isSure || [axis].flat().join() === "1";
  }
  return isSure && (own === "Lambda" || own === "Rescaling");
}

/** Whether a layer puts the channels of a picture last. */
function putsLast({ class_name: className, config }: Json): boolean {
  return className === "Permute" && String((config as Json).dims) === toLast(4).join();
}

/** Follow an input to the layers that it comes to in its own shape. */
function follow(model: Json, index: number, isSure: boolean): Found {
  const takers = takersIn(model);
  const start = inputsOf(model)[index];
  if (start === undefined) return { isFirst: false, leaves: false };
  const reached = new Set([start]);
  for (const name of reached) {
    for (const { layer, index } of takers.get(name) ?? []) {
      if (isModel(layer)) {
        const inside = follow(layer, index, isSure);
        if (inside.isFirst) return { isFirst: true, leaves: false };
        if (inside.leaves) reached.add(nameOf(layer));
      } else if (isChannelsFirst(layer) || (isSure && putsLast(layer))) {
        return { isFirst: true, leaves: false };
      } else if (keepsChannels(layer, isSure)) reached.add(nameOf(layer));
    }
  }
  return { isFirst: false, leaves: outputsOf(model).some(([name]) => reached.has(name)) };
}

/**
 * Whether an input's channels come first, where that is certain: a layer that has its channels first takes it, or a shape
 * that no other picture has is brought to channels last.
 *
 * @param index Which of the model's inputs.
 * @param shape The input's, with the batch.
 */
export function isTurnedInput(model: Json, index: number, shape: readonly unknown[] | undefined): boolean {
  return follow(model, index, looksChannelsFirst(shape)).isFirst;
}
