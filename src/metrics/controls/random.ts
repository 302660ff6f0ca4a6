import type { NamedControl } from "./control.ts";

/** How many cells the map has along each side, as the last layers of most networks. */
const cells = 7;

/**
 * Noise: 7 × 7 cells of random numbers from 0 to 1, so that it is as coarse as the maps of most networks' last layers, and its
 * peak lies anywhere.
 */
export const randomControl: NamedControl<"random"> = {
  name: "random",
  title: "Random map",
  description: "Coarse noise, from the seed",
  map({ random }) {
    const next = random();
    const data = Float32Array.from({ length: cells * cells }, () => next());
    return Promise.resolve({ data, height: cells, width: cells });
  },
};
