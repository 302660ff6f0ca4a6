import * as tf from "../../src/base/tfjs.ts";
import { fuseAsVector, type FusedAttributes, inTurn } from "./fused_bias.ts";
import type { Kernel } from "./kernel.ts";

/** The settings of a fused product of matrices, as TensorFlow.js passes them. */
interface ProductAttributes extends FusedAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A product of matrices with a bias and an activation. With transposed matrices WebAssembly's kernel is wrong. */
export const fusedProductKernel: Kernel<ProductAttributes> = {
  name: "_FusedMatMul",
  backends: ["wasm"],
  replaces: true,
  run(call) {
    const { inputs: { a, b }, attributes: { transposeA, transposeB } } = call;
    const plain = {
      channels: b!.shape.at(transposeB ? -2 : -1)!,
      compute: () => tf.matMul(a!, b!, transposeA, transposeB),
    };
    return transposeA || transposeB ? inTurn(call, plain) : fuseAsVector(call, plain);
  },
};
