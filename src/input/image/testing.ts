/**
 * What several tests of photos need. It is not published.
 *
 * @module
 */
import { testdata } from "../../testing/mod.ts";

/** An image file of the test data. */
export interface ImageCase {
  /** Its name. */
  readonly file: string;
  /** Pixels from left to right, upright. */
  readonly width: number;
  /** Pixels from top to bottom, upright. */
  readonly height: number;
}

const images = new URL("images/", testdata);

/** All image files of the test data. */
export async function readImageCases(): Promise<readonly ImageCase[]> {
  return JSON.parse(await Deno.readTextFile(new URL("index.json", images))).files;
}

/** The content of an image file. */
export async function readImageFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(file, images));
}

/** What Pillow makes of an image file: `height` × `width` × 3 values, upright and on white. */
export async function readPillowPixels(file: string): Promise<Uint8Array> {
  const packed = new Blob([await readImageFile(`${file}.rgb.gz`)]);
  return await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).bytes();
}
