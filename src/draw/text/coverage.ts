import type { Contour } from "./font.ts";

/** How much of each pixel an outline covers: exactly, as areas, so that edges are smooth. */
export class Coverage {
  /** What each pixel adds to the ones before it in its row; one more than the width, for the right edge. */
  readonly #steps: Float32Array;

  /**
   * @param height Pixels from top to bottom.
   * @param width Pixels from left to right.
   */
  constructor(readonly height: number, readonly width: number) {
    this.#steps = new Float32Array(height * (width + 1));
  }

  /** Add the part of an edge that lies in one row of pixels: `fall` of it, downwards or (less than 0) upwards. */
  #addInRow(row: number, from: number, to: number, fall: number): void {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const start = row * (this.width + 1);
    for (let cell = Math.floor(left); cell <= right; cell++) {
      const [enter, leave] = [Math.max(left, cell), Math.min(right, cell + 1)];
      const share = right > left ? (leave - enter) / (right - left) : 1;
      const middle = Math.min(Math.max((enter + leave) / 2 - cell, 0), 1);
      const at = Math.min(Math.max(cell, 0), this.width - 1); // what lies outside still tells inside from outside
      this.#steps[start + at]! += fall * share * (1 - middle);
      this.#steps[start + at + 1]! += fall * share * middle;
      if (right === left) break;
    }
  }

  /** Add an edge, in pixels from the top left. */
  #addEdge(fromX: number, fromY: number, toX: number, toY: number): void {
    if (fromY === toY) return;
    const [top, bottom] = [Math.max(Math.min(fromY, toY), 0), Math.min(Math.max(fromY, toY), this.height)];
    const across = (y: number) => fromX + (toX - fromX) * (y - fromY) / (toY - fromY);
    for (let row = Math.floor(top); row < bottom; row++) {
      const [enter, leave] = [Math.max(top, row), Math.min(bottom, row + 1)];
      this.#addInRow(row, across(enter), across(leave), toY > fromY ? leave - enter : enter - leave);
    }
  }

  /**
   * Add an outline.
   *
   * @param contours In units of its own, y upwards.
   * @param place Where its origin lies, in pixels from the top left, and how many pixels a unit is.
   */
  add(contours: readonly Contour[], { x, y, scale }: { x: number; y: number; scale: number }): void {
    for (const contour of contours) {
      let [fromX, fromY] = contour.at(-1)!;
      for (const [toX, toY] of contour) {
        this.#addEdge(x + fromX * scale, y - fromY * scale, x + toX * scale, y - toY * scale);
        [fromX, fromY] = [toX, toY];
      }
    }
  }

  /** How much of each pixel of a row is covered, 0 to 1. */
  row(row: number): Float32Array {
    const start = row * (this.width + 1);
    let sum = 0;
    return this.#steps.slice(start, start + this.width).map((step) => Math.min(Math.abs(sum += step), 1));
  }
}
