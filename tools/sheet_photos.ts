/**
 * The ten photos of the sheet: the two of testdata as they are, cut, darkened, brightened, shrunk and enlarged.
 *
 * @module
 */
import { decodeImage } from "../mod.ts";
import { scalePhoto } from "../src/draw/scale_photo.ts";
import type { RgbaImage } from "../src/input/image/types.ts";

/** A photo, and what was done to it. */
export interface SheetPhoto {
  readonly name: string;
  readonly photo: RgbaImage;
}

function cut(
  photo: RgbaImage,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    const start = ((y + row) * photo.width + x) * 4;
    data.set(photo.data.subarray(start, start + width * 4), row * width * 4);
  }
  return { data, height, width };
}

/** Change each pixel's red, green and blue. */
function recolour(photo: RgbaImage, change: (value: number, grey: number) => number): RgbaImage {
  const data = new Uint8ClampedArray(photo.data);
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = data.subarray(at, at + 3);
    const grey = 0.299 * red! + 0.587 * green! + 0.114 * blue!;
    for (let channel = 0; channel < 3; channel++) data[at + channel] = change(data[at + channel]!, grey);
  }
  return { ...photo, data };
}

/** All of them. */
export async function sheetPhotos(): Promise<SheetPhoto[]> {
  const open = async (name: string) =>
    await decodeImage(await Deno.readFile(new URL(`../testdata/photos/${name}.png`, import.meta.url)));
  const [cat, coffee] = await Promise.all([open("chelsea"), open("coffee")]);
  const scaled = (photo: RgbaImage, height: number, width: number) =>
    scalePhoto({ photo }, { height, width }).photo;
  return [
    { name: "as it is", photo: cat },
    { name: "as it is", photo: coffee },
    { name: "dark", photo: recolour(cat, (value) => value * 0.25) },
    { name: "bright", photo: recolour(coffee, (value) => 255 - (255 - value) * 0.4) },
    { name: "grey", photo: recolour(coffee, (_, grey) => grey) },
    { name: "of low contrast", photo: recolour(cat, (value) => value * 0.3 + 110) },
    { name: "portrait", photo: cut(cat, { x: 120, y: 0, width: 190, height: 300 }) },
    { name: "wide", photo: cut(coffee, { x: 0, y: 20, width: 600, height: 170 }) },
    { name: "tiny", photo: scaled(cat, 32, 48) },
    { name: "large", photo: scaled(coffee, 1600, 2400) },
  ];
}
