import * as tf from "../base/tfjs.ts";
import type { Operation, Retrace } from "./operation.ts";

/** How the tokens of windows lie on a picture that was cut into them. */
export interface WindowGrid {
  /** How many windows there are. */
  readonly windows: number;
  /** How many tokens each has. */
  readonly tokens: number;
  readonly height: number;
  readonly width: number;
  /** For each token, window by window, its place in the picture, row by row. */
  readonly places: Int32Array;
}

/** Which token lies at each place. */
function tokensByPlace(places: Int32Array): Int32Array {
  const tokens = new Int32Array(places.length);
  places.forEach((place, token) => tokens[place] = token);
  return tokens;
}

/** A value's rows in another order, `[n, rows, k]`. */
function inOrder(x: tf.Tensor, order: Int32Array): tf.Tensor {
  return tf.gather(x, tf.tensor1d(order, "int32"), 1);
}

/** Tokens in windows, `[n · windows, t, k]`, as the picture that was cut into them, `[n, h, w, k]`. */
export class GridOfWindows implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #grid: WindowGrid;

  constructor(input: string, output: string, grid: WindowGrid) {
    this.inputs = [input];
    this.outputs = [output];
    this.#grid = grid;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const { height, width, places } = this.#grid;
    const channels = x!.shape[2]!;
    const rows = inOrder(x!.reshape([-1, height * width, channels]), tokensByPlace(places));
    return [rows.reshape([-1, height, width, channels])];
  }
}

/** The way back, from the picture to the windows. */
export class WindowsOfGrid implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #grid: WindowGrid;

  constructor(input: string, output: string, grid: WindowGrid) {
    this.inputs = [input];
    this.outputs = [output];
    this.#grid = grid;
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const { height, width, tokens, places } = this.#grid;
    const channels = x!.shape[3]!;
    return [inOrder(x!.reshape([-1, height * width, channels]), places).reshape([-1, tokens, channels])];
  }

  retrace([x]: readonly tf.Tensor[]): Retrace {
    const { height, width, places } = this.#grid;
    return (gradient) => {
      const rows = gradient.reshape([-1, height * width, x!.shape[3]!]);
      return [inOrder(rows, tokensByPlace(places)).reshape(x!.shape)];
    };
  }
}
