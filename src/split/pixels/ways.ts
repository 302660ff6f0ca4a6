import { type Preprocessing, preprocessings } from "../../input/preprocess.ts";

/** −0.5 … 0.5, which has no name. */
const centred: Preprocessing = { name: "centred", mean: [127.5], std: [255] };

/** The ways that are compared, for so many channels. */
export function waysFor(channels: number): Preprocessing[] {
  const { tf, unit, torch, caffe, none } = preprocessings;
  return channels >= 3 ? [tf, unit, centred, torch, caffe, none] : [tf, unit, centred, none];
}

/** The same way with the channels in the other order. */
export function turned(way: Preprocessing): Preprocessing {
  const isTurned = way.channels === "bgr";
  return isTurned ? { ...way, name: `${way.name}-rgb`, mean: way.mean.toReversed(), channels: "rgb" } : {
    ...way,
    name: `${way.name}-bgr`,
    mean: way.mean.toReversed(),
    std: way.std.toReversed(),
    channels: "bgr",
  };
}
