import { release } from "../../base/release.ts";
import { Resizer } from "./resize.ts";
import type { Placement, RgbaImage } from "./types.ts";

/** A picture's size. */
interface Size {
  readonly height: number;
  readonly width: number;
}

/** A photo's size once its longest side has so many pixels at most. */
function reducedSize({ height, width }: Size, longestSide: number): Size {
  const scale = Math.min(longestSide / Math.max(height, width), 1);
  return { height: Math.max(Math.round(height * scale), 1), width: Math.max(Math.round(width * scale), 1) };
}

/** The same part of a photo that was brought to another size. */
export function movePlacement({ x, y, width, height }: Placement, from: Size, to: Size): Placement {
  const [across, down] = [to.width / from.width, to.height / from.height];
  return { x: x * across, y: y * down, width: width * across, height: height * down };
}

/** What becomes of a photo that comes a few rows at a time. */
export interface PhotoKeeper {
  /** Where the photo is kept, if all of it is: rows that are put there need not be copied. */
  readonly room?: Uint8ClampedArray;
  /** Take the next rows, 8-bit RGBA, opaque. */
  take(rows: Uint8ClampedArray): void;
  /** The photo, once all rows have come. */
  finish(): RgbaImage;
}

function keepWhole({ height, width }: Size): PhotoKeeper {
  const data = new Uint8ClampedArray(height * width * 4);
  let at = 0;
  return {
    room: data,
    take(rows) {
      if (rows.buffer !== data.buffer) data.set(rows, at);
      at += rows.length;
    },
    finish: () => ({ data, height, width }),
  };
}

function keepReduced(source: Size, target: Size): PhotoKeeper {
  const resizer = new Resizer(source, target);
  return {
    take: (rows) => resizer.take(rows),
    finish() {
      const { data: planes, height, width } = resizer.finish();
      const area = height * width;
      const data = new Uint8ClampedArray(area * 4);
      for (let pixel = 0, to = 0; pixel < area; pixel++, to += 4) {
        data[to] = planes[pixel]!;
        data[to + 1] = planes[area + pixel]!;
        data[to + 2] = planes[2 * area + pixel]!;
        data[to + 3] = 255;
      }
      release(planes);
      return { data, height, width };
    },
  };
}

/**
 * Keep a photo as it comes, or reduced.
 *
 * @param size The photo's.
 * @param longestSide The most pixels that the longer side of what is kept may have.
 */
export function keepPhoto(size: Size, longestSide: number): PhotoKeeper {
  if (Math.max(size.height, size.width) <= longestSide) return keepWhole(size);
  return keepReduced(size, reducedSize(size, longestSide));
}
