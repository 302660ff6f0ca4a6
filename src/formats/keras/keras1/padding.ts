import type { Json } from "../inbound.ts";
import type { OldLayer } from "./old_layer.ts";

/** Margins by name. */
function sides({ top_pad: top, bottom_pad: bottom, left_pad: left, right_pad: right }: Json): unknown {
  return [[top ?? 0, bottom ?? 0], [left ?? 0, right ?? 0]];
}

/** Margins, which Keras 1 also takes as four numbers or by name. */
export const padding: OldLayer = {
  className: "ZeroPadding2D",
  settings(_, { padding: given }) {
    if (!Array.isArray(given)) return { padding: typeof given === "object" ? sides(given as Json) : given };
    const [top, bottom, left, right] = given;
    return { padding: given.length === 4 ? [[top, bottom], [left, right]] : given };
  },
};
