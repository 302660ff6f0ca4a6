import { gradcam } from "../../explain/gradcam.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import type { ExplainableModel } from "../../split/model.ts";

/** A picture that says nothing, height and width unlike. */
const grey: RgbaImage = { data: new Uint8ClampedArray(12 * 16 * 4).fill(128), height: 12, width: 16 };

/**
 * See that a model can be explained, which also has all that is started late started. A model that needs more than a
 * photo and is not told what is left for requests to try.
 *
 * @throws {ComputeError} If it cannot.
 */
export async function tryModel(model: ExplainableModel, options: GradcamOptions): Promise<void> {
  try {
    await gradcam(model, grey, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // such as that values of an input are lacking
  }
}
