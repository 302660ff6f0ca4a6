import type { Heatmap } from "../base/heatmap.ts";
import type { Placement } from "../input/image/types.ts";
import { cellAt, type CubicAxis, padding, planCubicAxis } from "./cubic_axis.ts";

/** The picture that a heatmap is drawn in. */
export interface MapPicture {
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Pixels from left to right. */
  readonly width: number;
  /**
   * Where on it the model looked.
   * @default {all of it}
   */
  readonly placement?: Placement | undefined;
}

/** Pixels from the first to before the last. */
export type Span = readonly [first: number, end: number];

/** For each pixel along one side, where in the heatmap's cells its centre lies. */
function locate(pixels: number, start: number, length: number, cells: number): Float64Array {
  const places = new Float64Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) places[pixel] = (pixel + 0.5 - start) / length * cells;
  return places;
}

/** The pixels along one side that the model saw. */
function spanOf(places: Float64Array, cells: number): Span {
  const first = places.findIndex((place) => place >= 0 && place <= cells);
  return first < 0 ? [0, 0] : [first, places.findLastIndex((place) => place >= 0 && place <= cells) + 1];
}

/** A heatmap enlarged to a picture, bicubically and within 0 to 1, one row of pixels at a time. */
export class MapRows {
  /** The rows of pixels that the model saw any of. */
  readonly down: Span;
  /** The columns of pixels that it saw. */
  readonly across: Span;
  readonly #cells: Float32Array;
  readonly #rows: number;
  readonly #columns: number;
  readonly #vertical: CubicAxis;
  readonly #horizontal: CubicAxis;
  readonly #line: Float64Array;

  /**
   * @param heatmap The map, 0 to 1, any size; what is no number counts as 0.
   * @param picture The picture.
   */
  constructor({ data, height: rows, width: columns }: Heatmap, readonly picture: MapPicture) {
    const { height, width, placement = { x: 0, y: 0, width, height } } = picture;
    const down = locate(height, placement.y, placement.height, rows);
    const across = locate(width, placement.x, placement.width, columns);
    this.down = spanOf(down, rows);
    this.across = spanOf(across, columns);
    this.#cells = data.map((value) => Number.isFinite(value) ? value : 0);
    this.#rows = rows;
    this.#columns = columns;
    this.#vertical = planCubicAxis(rows, down);
    this.#horizontal = planCubicAxis(columns, across);
    this.#line = new Float64Array(columns + 2 * padding);
  }

  /** One row of cells at the height of a row of pixels. */
  #readLine(y: number): Float64Array {
    const { first, weights } = this.#vertical;
    const line = this.#line.fill(0);
    for (let tap = 0; tap < 4; tap++) {
      const start = cellAt(first[y]! + tap, this.#rows) * this.#columns;
      const weight = weights[y * 4 + tap]!;
      for (let column = 0; column < this.#columns; column++) {
        line[padding + column]! += this.#cells[start + column]! * weight;
      }
    }
    line.fill(line[padding]!, 0, padding);
    return line.fill(line[padding + this.#columns - 1]!, padding + this.#columns);
  }

  /**
   * Read a row.
   *
   * @param y Which, from the top.
   * @param row Takes a value for each pixel, 0 to 1; where the model did not see, the map's edge goes on.
   */
  read(y: number, row: Float32Array): void {
    const line = this.#readLine(y);
    const { first, weights } = this.#horizontal;
    for (let x = 0; x < row.length;) {
      const cell = first[x]!; // of many pixels beside each other, which is why its values are not read for each
      const left = line[cell]!;
      const right = line[cell + 3]!;
      const [one, other] = [line[cell + 1]!, line[cell + 2]!];
      for (let at = x * 4; x < row.length && first[x] === cell; x++, at += 4) {
        const value = left * weights[at]! + one * weights[at + 1]! + other * weights[at + 2]! +
          right * weights[at + 3]!;
        row[x] = value > 0 ? value < 1 ? value : 1 : 0;
      }
    }
  }
}
