import * as tf from "../base/tfjs.ts";
import { padAxes } from "../../backends/kernels/pad.ts";
import type { Operation, Retrace } from "./operation.ts";

/** So many in a row along one axis: TensorFlow.js is slow where there are more than four. */
function takeAlong(x: tf.Tensor, axis: number, [before, count]: readonly [number, number]): tf.Tensor {
  const outer = x.shape.slice(0, axis), inner = x.shape.slice(axis + 1);
  const [rows, size] = [tf.util.sizeFromShape(outer), tf.util.sizeFromShape(inner)];
  const flat = x.reshape([rows, x.shape[axis]!, size]).slice([0, before, 0], [rows, count, size]);
  return flat.reshape([...outer, count, ...inner]);
}

/** Part of a value: along each axis so many in a row. */
export class Part implements Operation {
  readonly inputs: readonly [string];
  readonly outputs: readonly [string];
  readonly #begin: readonly number[];
  readonly #size: readonly number[];

  /**
   * @param begin Which is the first, along each axis.
   * @param size How many there are; -1 for all from there on.
   */
  constructor(input: string, output: string, begin: readonly number[], size: readonly number[]) {
    this.inputs = [input];
    this.outputs = [output];
    this.#begin = begin;
    this.#size = size;
  }

  /** Whether vectors along the last axis are taken whole, or not at all. */
  get takesVectors(): boolean {
    return this.#size.length > 1 && this.#size.at(-1) === -1 && this.#begin.at(-1) === 0;
  }

  /** The same part of another value; one that is spread along an axis stays so. */
  of(input: string, output: string): Part {
    return new Part(input, output, this.#begin, this.#size);
  }

  run([x]: readonly tf.Tensor[]): tf.Tensor[] {
    const result = this.#size.reduce((part, size, axis) => {
      const before = this.#beginIn(x!)[axis]!, own = part.shape[axis]!;
      const count = size === -1 ? own - before : Math.min(size, own);
      return count === own ? part : takeAlong(part, axis, [before, count]);
    }, x!);
    return [result === x ? x.clone() : result];
  }

  /** All else had no share: zeros. */
  retrace([x]: readonly tf.Tensor[]): Retrace {
    return (gradient) => {
      const amounts = this.#beginIn(x!).map((before, axis): [number, number] => [
        before,
        x!.shape[axis]! - before - gradient.shape[axis]!,
      ]);
      return [padAxes(gradient, amounts)];
    };
  }

  #beginIn({ shape }: tf.Tensor): number[] {
    return this.#begin.map((begin, axis) => shape[axis] === 1 ? 0 : begin);
  }
}
