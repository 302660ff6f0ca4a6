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

/** From where to where each window reaches along one axis: what is beyond the edge is cut off, and no pixel is left over. */
function spans(length: number, side: number, stride: number): (readonly [from: number, to: number])[] {
  const count = 1 + Math.max(Math.ceil((length - side) / stride), 0);
  return Array.from({ length: count }, (_, at) => {
    return [at * stride, Math.min(at * stride + side, length)] as const;
  });
}

/** All windows, row by row from the top left. Those at the right and lower edge may be smaller. */
export function layWindows({ height, width, side, stride }: WindowPlan): Window[] {
  const across = spans(width, side, stride);
  return spans(height, side, stride).flatMap(([top, bottom]) =>
    across.map(([left, right]) => ({ top, left, bottom, right }))
  );
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
