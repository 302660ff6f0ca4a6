import { isExplainable } from "../../formats/load_options.ts";
import { isHeldModel } from "../../split/held_models.ts";
import type { ServedModel } from "../options.ts";

/** Whether a model is open already, so that no other thread can have it. */
export function isOpenModel({ model }: ServedModel): boolean {
  return isExplainable(model) || isHeldModel(model);
}
