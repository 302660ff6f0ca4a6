/// <reference lib="dom" />
import type { RgbaImage } from "../../../../input/image/types.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size of the same shape with a longer side of some pixels. */
export function fitWithin({ width, height }: Size, side: number): Size {
  const scale = side / Math.max(width, height);
  return { width: Math.max(Math.round(width * scale), 1), height: Math.max(Math.round(height * scale), 1) };
}

/** Draw a photo at a size, smoothly. */
function drawAt(
  bitmap: ImageBitmap,
  { width, height }: Size,
  background: string | undefined,
): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  if (background) {
    context.fillStyle = background;
    context.fillRect(0, 0, width, height);
  }
  context.drawImage(bitmap, 0, 0, width, height);
  return context;
}

/** A photo's pixels at a size, on white. */
export function pixelsOf(bitmap: ImageBitmap, { width, height }: Size): RgbaImage {
  const { data } = drawAt(bitmap, { width, height }, "white").getImageData(0, 0, width, height);
  return { data: data as Uint8ClampedArray, width, height };
}

/** As many colours as a drawing or a screenshot has, and hardly a photo. */
const fewColours = 4096;

/** Whether pixels have transparency or few colours, which JPEG would spoil. */
function isDrawing(data: Uint8ClampedArray): boolean {
  const colours = new Set<number>();
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  for (let at = 0; at < pixels.length; at++) {
    const pixel = pixels[at]!;
    if (pixel >>> 24 < 255) return true; // opacity stands in the highest byte
    if (colours.size <= fewColours) colours.add(pixel);
  }
  return colours.size <= fewColours;
}

/** How well a JPEG is written, 0 to 1. */
const quality = 0.92;

/** A photo at a size as a file of its own, under its name: a PNG where that is better, else a JPEG. */
export async function shrinkToFile(bitmap: ImageBitmap, size: Size, { name, type }: File): Promise<File> {
  const context = drawAt(bitmap, size, undefined);
  const isPng = /^image\/(png|webp|gif|avif)$/.test(type) &&
    isDrawing(context.getImageData(0, 0, size.width, size.height).data as Uint8ClampedArray);
  const blob = await context.canvas.convertToBlob({ type: isPng ? "image/png" : "image/jpeg", quality });
  return new File([blob], name, { type: blob.type });
}
