import {
  BackendError,
  ClassNotFoundError,
  LayerNotFoundError,
  ModelError,
  RegionError,
} from "../base/errors.ts";

/** Whether an error would meet every photo: what was asked for is not in the model or on this machine. */
export function isHopeless(error: unknown): boolean {
  if (error instanceof RegionError) return false; // the next photo may be larger
  return error instanceof LayerNotFoundError || error instanceof ClassNotFoundError ||
    error instanceof ModelError || error instanceof BackendError || error instanceof RangeError;
}
