import type { Subject } from "./subject.ts";
import type { Truth, TruthBox, TruthMask } from "./truth.ts";

/** A map's size. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** A place on the photo, in fractions of it. */
export interface PhotoPoint {
  readonly x: number;
  readonly y: number;
}

/** Where on the photo the middle of a pixel of the model's input lies, in fractions of the photo. */
export function pointOn({ placement, photo }: Truth, { height, width }: Size, pixel: number): PhotoPoint {
  const across = (pixel % width + 0.5) / width, down = (Math.floor(pixel / width) + 0.5) / height;
  return {
    x: (placement.x + across * placement.width) / photo.width,
    y: (placement.y + down * placement.height) / photo.height,
  };
}

/** Whether a box holds a point. */
function isInBox({ x, y }: PhotoPoint, box: TruthBox): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

/** Whether a mask holds a point; beyond the photo it holds none. */
function isInMask({ x, y }: PhotoPoint, { height, width, data }: TruthMask): boolean {
  const column = Math.floor(x * width), row = Math.floor(y * height);
  return column >= 0 && column < width && row >= 0 && row < height && data[row * width + column] !== 0;
}

/**
 * Which pixels of the model's input lie on the objects, 1 or 0.
 *
 * @param truth Where they are.
 * @param size The input's.
 * @param kind By their mask where there is one; or by their boxes alone.
 */
export function pixelsOf(truth: Truth, size: Size, kind: "mask" | "boxes" = "mask"): Uint8Array {
  const { boxes, mask } = truth;
  const photo = { x: 0, y: 0, width: 1, height: 1 };
  const holds = kind === "mask" && mask
    ? (point: PhotoPoint) => isInMask(point, mask)
    : (point: PhotoPoint) => isInBox(point, photo) && boxes.some((box) => isInBox(point, box));
  return Uint8Array.from(
    { length: size.height * size.width },
    (_, pixel) => holds(pointOn(truth, size, pixel)) ? 1 : 0,
  );
}

/** How much of what the model sees the objects cover, 0 to 1. */
export function shareOf(truth: Truth, size: Size): number {
  const pixels = pixelsOf(truth, size);
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
}

/** What a metric says where nothing is known of the class's objects. */
export const withoutTruth = {
  value: undefined,
  why: "It is not known where the class's objects are",
} as const;

/** What is said of objects of which the model sees nothing. */
export const emptyTruth = "The objects cover nothing of what the model sees";

/** The pixels on the objects, as large as the map; `undefined` where that is not known. */
export function truthOf({ truth, pixels }: Subject, kind?: "mask" | "boxes"): Uint8Array | undefined {
  return truth && pixelsOf(truth, pixels, kind);
}
