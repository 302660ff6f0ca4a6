import { joined } from "../arrays.ts";
import type { KerasArray } from "../keras_file.ts";
import type { OldLayer } from "./old_layer.ts";

/**
 * Weights that Keras 1 keeps apart by gate, three for each: kernel, recurrent kernel and bias.
 *
 * @param gates Where each of Keras 2's gates stands among those of Keras 1.
 */
function joinGates(arrays: readonly KerasArray[], gates: readonly number[]): readonly KerasArray[] {
  if (arrays.length !== 3 * gates.length) return arrays;
  return [0, 1, 2].map((part) => joined(gates.map((gate) => arrays[3 * gate + part]!)));
}

/** Layers whose weights may lie apart. */
export const recurrent: readonly OldLayer[] = [
  { className: "LSTM", arrays: (arrays) => joinGates(arrays, [0, 2, 1, 3]) }, // input, cell, forget, output
  { className: "GRU", arrays: (arrays) => joinGates(arrays, [0, 1, 2]) },
];
