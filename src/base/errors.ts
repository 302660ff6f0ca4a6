/**
 * The errors a caller may want to tell apart.
 *
 * A wrong type or shape is a `TypeError`, a value out of range a `RangeError`; everything else that can go
 * wrong with a user's model, photo or machine is one of these. Each message is one line that names the value
 * and, after a colon, what is allowed or what to do.
 *
 * @module
 */

/** What all errors of this package have in common, so that one `catch` can tell them from a bug. */
export class GradcamError extends Error {
  /** The class's own name, also after minification. */
  override name = "GradcamError";
}

/** The layer that was asked for does not exist, or no layer has a spatial (4-D) output. */
export class LayerNotFoundError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "LayerNotFoundError";
}

/** No class bears the label that was asked for, or the model has no labels to look in. */
export class ClassNotFoundError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "ClassNotFoundError";
}

/** The model's files are missing, damaged or of a kind that cannot be opened or explained. */
export class ModelError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "ModelError";
}

/**
 * The model is sound, but the backend in use cannot compute it. The message names a backend that can, where there is one.
 */
export class ComputeError extends ModelError {
  /** The class's own name, also after minification. */
  override name = "ComputeError";
}

/** The photo is missing, damaged, too large or of a format that cannot be decoded. */
export class ImageError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "ImageError";
}

/** The backend that was asked for cannot be had on this machine. */
export class BackendError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "BackendError";
}

/** What says where objects are on photos is missing, damaged or of no known kind. */
export class TruthError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "TruthError";
}

/** The result cannot be written where it was asked to go. */
export class OutputError extends GradcamError {
  /** The class's own name, also after minification. */
  override name = "OutputError";
}

/** A region that does not lie on what the model sees of this photo; on another it may. */
export class RegionError extends RangeError {
  /** The class's own name, also after minification. */
  override name = "RegionError";
}

/** A result could not be written since there is no room left; nothing else can be. */
export class DiskFullError extends OutputError {
  /** The class's own name, also after minification. */
  override name = "DiskFullError";
}
