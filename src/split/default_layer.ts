import { LayerNotFoundError } from "../errors.ts";
import type { ExplainableModel } from "./mod.ts";

/** The layer that is taken when none is named; `undefined` where no map can be taken. */
export function findDefaultLayer(model: ExplainableModel): string | undefined {
  try {
    return model.split().layer;
  } catch (error) {
    if (error instanceof LayerNotFoundError) return undefined;
    throw error;
  }
}
