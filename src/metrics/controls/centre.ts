import type { NamedControl } from "./control.ts";

/** The standard deviation, as a part of each side. */
const deviation = 1 / 4;

/** How much of a bell curve a place has, along one side. */
function bell(at: number, places: number): number {
  return Math.exp(-0.5 * (((at + 0.5) / places - 0.5) / deviation) ** 2);
}

/**
 * A Gaussian in the middle, whose standard deviation is a quarter of each side: photographers put what matters there, so that
 * it does well where a map is held to where objects are.
 */
export const centreControl: NamedControl<"centre"> = {
  name: "centre",
  title: "Centre",
  description: "A Gaussian in the middle of the photo",
  map({ picture }) {
    const [, height, width] = picture.shape;
    const data = new Float32Array(height * width);
    for (let at = 0; at < data.length; at++) {
      data[at] = bell(Math.floor(at / width), height) * bell(at % width, width);
    }
    return Promise.resolve({ data, height, width });
  },
};
