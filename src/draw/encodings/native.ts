import type { RgbaImage } from "../../input/image/types.ts";

/**
 * Encode by the platform, which needs no package and no permission.
 *
 * @param image Opaque.
 * @param type A media type.
 * @param quality 1 to 100, where the format has one.
 * @returns `undefined` where the platform has no canvas, or writes no such files.
 */
export async function encodeNatively(
  { data, height, width }: RgbaImage,
  type: string,
  quality?: number,
): Promise<Uint8Array | undefined> {
  if (typeof OffscreenCanvas === "undefined") return undefined;
  const pixels = new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height); // no copy
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("bitmaprenderer");
  if (!context) return undefined;
  context.transferFromImageBitmap(await createImageBitmap(pixels));
  const blob = await canvas.convertToBlob({ type, ...(quality !== undefined && { quality: quality / 100 }) });
  canvas.width = canvas.height = 1; // lets go of the bitmap now
  const bytes = blob.type === type ? await blob.bytes() : undefined;
  await new Promise((resolve) => setTimeout(resolve, 0)); // bitmaps and files are freed between two tasks alone
  return bytes;
}
