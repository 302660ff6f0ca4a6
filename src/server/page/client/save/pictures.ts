/// <reference lib="dom" />
import type { RgbaImage } from "../../../../input/image/types.ts";
import { imageDataOf } from "../drawing.ts";

/** A picture, and what stands below it where there are two. */
export interface Captioned {
  readonly picture: RgbaImage;
  readonly caption: string;
}

/** Between two pictures, and for their captions, as parts of a picture's longer side. */
const gap = 0.02;
const captionSize = 0.03;

/** Pictures of one size as a PNG; two stand side by side with their captions. */
export async function encodePictures(shown: readonly Captioned[]): Promise<Blob> {
  const { width, height } = shown[0]!.picture;
  const longer = Math.max(width, height);
  const [between, size] = [Math.round(longer * gap), Math.max(Math.round(longer * captionSize), 10)];
  const isAlone = shown.length === 1;
  const canvas = new OffscreenCanvas(
    shown.length * width + (shown.length - 1) * between,
    isAlone ? height : height + 2 * size,
  );
  const context = canvas.getContext("2d")!;
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "black";
  context.font = `${size}px sans-serif`;
  context.textBaseline = "middle";
  shown.forEach(({ picture, caption }, place) => {
    const left = place * (width + between);
    context.putImageData(imageDataOf(picture), left, 0);
    if (!isAlone) context.fillText(caption, left, height + size, width);
  });
  return await canvas.convertToBlob({ type: "image/png" });
}
