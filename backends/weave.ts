import type * as tf from "../src/base/tfjs.ts";
import { makeInWasm } from "./wasm_numbers.ts";

/** From how many numbers on a pixel is copied as a block. */
const block = 16;

/** What is cut out of what phases are woven to. */
export interface WovenPart {
  /** Rows and columns left out before it. */
  readonly offset: readonly [number, number];
  /** `[batch, height, width, channels]` */
  readonly size: readonly [number, number, number, number];
}

/**
 * Weave phases together in one go: row y and column x are from phase `[y mod rows][x mod columns]`, y and x counted from before
 * the offset.
 *
 * @param phases `[row phase][column phase]`, each `[batch, row positions, column positions, channels]`.
 * @returns `undefined` on other backends than WebAssembly, and where there is nothing to weave.
 */
export function weaveInWasm(
  phases: readonly (readonly tf.Tensor4D[])[],
  { offset: [top, left], size }: WovenPart,
): tf.Tensor4D | undefined {
  const down = phases.length, across = phases[0]!.length;
  if (down * across === 1) return undefined;
  const [batch, height, width, channels] = size;
  const [, rows, columns] = phases[0]![0]!.shape;
  return makeInWasm(size, phases.flat(), (to, from) => {
    let at = 0;
    for (let picture = 0; picture < batch; picture++) {
      for (let y = top; y < top + height; y++) {
        const row = (picture * rows + Math.floor(y / down)) * columns;
        for (let x = left; x < left + width; x++, at += channels) {
          const phase = from[(y % down) * across + x % across]!;
          const start = (row + Math.floor(x / across)) * channels;
          if (channels >= block) to.set(phase.subarray(start, start + channels), at);
          else {for (let channel = 0; channel < channels; channel++) {
              to[at + channel] = phase[start + channel]!;
            }}
        }
      }
    }
  }) as tf.Tensor4D | undefined;
}
