/** The pixels of one window: from the first to the one after the last. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** How windows are laid over a picture. */
export interface WindowPlan {
  readonly height: number;
  readonly width: number;
  /** The side of a window, in pixels. */
  readonly side: number;
  /** How far it moves, in pixels. */
  readonly stride: number;
}

/** Windows in their order, row by row from the top left. */
export interface Windows {
  /** How many there are. */
  readonly count: number;
  /** One of them; at the right and the lower edge they may be smaller. */
  at(index: number): Window;
}

/** How many windows it takes along one axis until no pixel is left over. */
function countAlong(length: number, { side, stride }: WindowPlan): number {
  return 1 + Math.max(Math.ceil((length - side) / stride), 0);
}

/** Lay windows over a picture: what is beyond the edge is cut off. */
export function layWindows(plan: WindowPlan): Windows {
  const { height, width, side, stride } = plan;
  const across = countAlong(width, plan);
  return {
    count: countAlong(height, plan) * across,
    at(index) {
      const [top, left] = [Math.floor(index / across) * stride, index % across * stride];
      return { top, left, bottom: Math.min(top + side, height), right: Math.min(left + side, width) };
    },
  };
}

/** Do something with each pixel of a window, by its index in a picture. */
export function eachPixel(
  { top, left, bottom, right }: Window,
  width: number,
  see: (pixel: number) => void,
): void {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) see(y * width + x);
  }
}
