import type { RgbaImage } from "../../input/image/types.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { ExplainRequest } from "../explain_request.ts";

/** A grey picture. */
const plain: RgbaImage = { height: 32, width: 32, data: new Uint8ClampedArray(32 * 32 * 4).fill(128) };

/**
 * Explain a grey picture as the command line says, so that what would meet every record is told before the first: a layer, a
 * class or an output that is not there, an operation that the backend lacks.
 *
 * @throws What is wrong, other than with a photo.
 */
export async function tryOptions(
  model: ExplainableModel,
  { options: { method: _, settings: __, region: ___, like: ____, inputs, augment: _____, ...options } }:
    ExplainRequest,
  signal: AbortSignal,
): Promise<void> {
  const { gradcam } = await import("../../explain/gradcam.ts");
  await gradcam(model, plain, { ...options, inputs, signal });
}
