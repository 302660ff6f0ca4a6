import type { Placement } from "../input/image/types.ts";

/** How long two spans lie over each other. */
function common(a: number, lengthA: number, b: number, lengthB: number): number {
  return Math.max(Math.min(a + lengthA, b + lengthB) - Math.max(a, b), 0);
}

/** How much of two boxes together is common to both, 0 to 1: intersection over union. */
export function overlapOf(a: Placement, b: Placement): number {
  const both = common(a.x, a.width, b.x, b.width) * common(a.y, a.height, b.y, b.height);
  const all = a.width * a.height + b.width * b.height - both;
  return all > 0 ? both / all : 0;
}
