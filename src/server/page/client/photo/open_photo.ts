/// <reference lib="dom" />
import type { RgbaImage } from "../../../../input/image/types.ts";
import { isLeftToServer } from "./left_to_server.ts";
import { fitWithin, pixelsOf, shrinkToFile } from "./shrink.ts";

/** A photo's pixels, upright and on white. */
export interface Picture {
  /** As large as pictures are saved. */
  readonly full: RgbaImage;
  /** As large as it is looked at. */
  readonly view: RgbaImage;
  /** As large as the photo is. */
  readonly size: { readonly width: number; readonly height: number };
}

/** The longer side of pictures that are saved and looked at, at most, in pixels. */
const fullSide = 2048;
const viewSide = 1280;

/** The longer side of a small picture that is looked at, at least, so that the map on it is smooth. */
const smallestViewSide = 512;

/** The longer side of what is sent: so many times the model's own, and no less than this. */
const timesModelSide = 4;
const leastSentSide = 1024;

/** The longer side of what is sent at most, in pixels, for a model that sees so many. */
export function sentSide(modelSide: number): number {
  return Math.max(modelSide * timesModelSide, leastSentSide);
}

/** A picture with a longer side of some pixels. */
function scaled(bitmap: ImageBitmap, side: number): RgbaImage {
  return pixelsOf(bitmap, fitWithin(bitmap, side));
}

/** What a bitmap shows. */
export function pictureOf(bitmap: ImageBitmap): Picture {
  const longer = Math.max(bitmap.width, bitmap.height);
  const full = scaled(bitmap, Math.min(longer, fullSide));
  const side = Math.min(Math.max(longer, smallestViewSide), viewSide);
  return { full, view: scaled(bitmap, side), size: { width: bitmap.width, height: bitmap.height } };
}

/** A photo that was chosen. */
export class OpenPhoto {
  readonly #file: File;
  #bitmap: Promise<ImageBitmap | undefined> | undefined;
  #users = 0;
  readonly #uploads = new Map<number | undefined, Promise<File>>();

  /**
   * @param id Its number.
   * @param file Its file.
   * @param example The example's name, where it is one.
   */
  constructor(readonly id: number, file: File, readonly example: string | undefined) {
    this.#file = file;
  }

  /** The file's name. */
  get name(): string {
    return this.#file.name;
  }

  /** What it shows; `undefined` where the browser cannot read it, or would lose depth. */
  picture(): Promise<Picture | undefined> {
    return this.#use(pictureOf);
  }

  /** Do something with the photo as the browser reads it, upright; it is freed when nobody uses it any more. */
  async #use<Result>(
    use: (bitmap: ImageBitmap) => Result | Promise<Result>,
  ): Promise<Result | undefined> {
    this.#users++;
    const reading = this.#bitmap ??= this.#read();
    try {
      const bitmap = await reading;
      return bitmap && await use(bitmap);
    } finally {
      if (--this.#users === 0) {
        this.#bitmap = undefined;
        (await reading)?.close();
      }
    }
  }

  async #read(): Promise<ImageBitmap | undefined> {
    try {
      if (await isLeftToServer(this.#file)) return undefined;
      return await createImageBitmap(this.#file, {
        imageOrientation: "from-image",
        colorSpaceConversion: "none", // as the server reads it
      });
    } catch {
      return undefined;
    }
  }

  /**
   * What is sent: the file itself where it is small, where the browser cannot read it, or where that is asked for; else it
   * is shrunk to what the model can use.
   *
   * @param modelSide The model's longer side, in pixels; `undefined` sends the file as it is.
   */
  uploadFor(modelSide: number | undefined): Promise<File> {
    const side = modelSide && sentSide(modelSide);
    const upload = this.#uploads.get(side) ?? this.#prepare(side);
    this.#uploads.set(side, upload);
    return upload;
  }

  async #prepare(side: number | undefined): Promise<File> {
    if (side === undefined) return this.#file;
    const shrunk = await this.#use((bitmap) => {
      const isKnown = /^image\/(jpeg|png|webp|gif|bmp)$/.test(this.#file.type);
      if (isKnown && Math.max(bitmap.width, bitmap.height) <= side) return this.#file;
      const longer = Math.max(bitmap.width, bitmap.height);
      return shrinkToFile(bitmap, fitWithin(bitmap, Math.min(longer, side)), this.#file);
    });
    return shrunk ?? this.#file;
  }
}
