import * as tf from "../base/tfjs.ts";
import type { TokenGrid } from "../base/token_grid.ts";
import type { Operation, Retrace } from "./operation.ts";

/** Tokens `[n, t, k]` seen as a picture, `[n, h, w, k]`: those that are of no place in it are left out. */
export class GridOfTokens implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #grid: TokenGrid;

  constructor(input: string, output: string, grid: TokenGrid) {
    this.inputs = [input];
    this.outputs = [output];
    this.#grid = grid;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const { height, width, before } = this.#grid;
    const [pictures, , channels] = x!.shape as [number, number, number];
    const patches = x!.slice([0, before, 0], [pictures, height * width, channels]);
    return [patches.reshape([pictures, height, width, channels])];
  }
}

/** Of tokens those before or after the grid, `[n, extra, k]`. */
export class ExtraTokens implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #begin: number;
  readonly #count: number;

  /** @param begin Which is the first. */
  constructor(input: string, output: string, begin: number, count: number) {
    this.inputs = [input];
    this.outputs = [output];
    this.#begin = begin;
    this.#count = count;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const [pictures, , channels] = x!.shape as [number, number, number];
    return [x!.slice([0, this.#begin, 0], [pictures, this.#count, channels])];
  }
}

/** The way back from a picture, `[n, h, w, k]`, to the tokens, `[n, t, k]`, between those that are of no place in it. */
export class TokensOfGrid implements Operation {
  readonly inputs: readonly string[];
  readonly outputs: readonly [string];
  readonly #grid: TokenGrid;

  /** @param extra The values of those before and after, where there are any. */
  constructor(input: string, extra: readonly string[], output: string, grid: TokenGrid) {
    this.inputs = [input, ...extra];
    this.outputs = [output];
    this.#grid = grid;
  }

  run([picture, ...extra]: readonly tf.Tensor[]): tf.Tensor[] {
    const patches = flat(picture!);
    if (extra.length === 0) return [patches];
    return [
      tf.concat(this.#grid.before > 0 ? [extra[0]!, patches, ...extra.slice(1)] : [patches, ...extra], 1),
    ];
  }

  retrace(): Retrace {
    const { height, width, before, after } = this.#grid;
    return (gradient) => {
      const [n, , k] = gradient.shape as [number, number, number];
      const part = (begin: number, count: number) => gradient.slice([0, begin, 0], [n, count, k]);
      return [
        part(before, height * width).reshape([n, height, width, k]),
        ...(before > 0 ? [part(0, before)] : []),
        ...(after > 0 ? [part(before + height * width, after)] : []),
      ];
    };
  }
}

/** `[n, h, w, k]` → `[n, h · w, k]` */
function flat(picture: tf.Tensor): tf.Tensor {
  const [n, height, width, k] = picture.shape as [number, number, number, number];
  return picture.reshape([n, height * width, k]);
}
