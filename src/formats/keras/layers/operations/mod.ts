/**
 * The registry of operations that functional models record: arithmetic with tensors, `keras.ops`, and TensorFlow's
 * functions.
 *
 * @module
 */
import type { Shape } from "../../../../split/model.ts";
import { activationName, applyActivation } from "../activations.ts";
import type { KerasLayer, Settings } from "../keras_layer.ts";
import type * as tf from "../../../../base/tfjs.ts";
import { arithmetic } from "./arithmetic.ts";
import { comparisons } from "./comparisons.ts";
import { functions } from "./functions.ts";
import { images } from "./images.ts";
import { networks } from "./networks.ts";
import { bind, type Operation, operation, type Operations } from "./operation.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";
import { shapes } from "./shapes.ts";
import { slicing } from "./slicing.ts";
import { toTensor } from "./values.ts";

/** All operations by name. */
const operations: Operations = {
  ...arithmetic,
  ...comparisons,
  ...functions,
  ...images,
  ...networks,
  ...products,
  ...reductions,
  ...shapes,
  ...slicing,
};

/** An operation by its name; activations are operations too. */
function findOperation(name: string): Operation | undefined {
  if (Object.hasOwn(operations, name)) return operations[name];
  const activation = activationName(name, false);
  if (activation === undefined) return undefined;
  return operation("x|features|logits", (x: tf.Tensor) => applyActivation(activation, x).clone());
}

/** Whether an operation is known, by its name in lower case with underscores. */
export function isOperation(name: string): boolean {
  return findOperation(name) !== undefined;
}

/** The parameters of an operation in order, other spellings of each after a bar; `undefined` if it is not known. */
export function parametersOf(name: string): readonly string[] | undefined {
  return findOperation(name)?.takes;
}

/** Put the inputs where a template says `{ input: n }`, and tensors where it has constants that were tensors. */
function fill(template: unknown, inputs: readonly tf.Tensor[]): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, inputs));
  const { input, constant } = (template ?? {}) as { input?: unknown; constant?: unknown };
  if (typeof input === "number") return inputs[input];
  return Array.isArray(constant) ? toTensor(constant) : constant ?? template;
}

/** Whether a part of a template is one of the inputs. */
function isInput(template: unknown): boolean {
  return typeof (template as { input?: unknown } | null)?.input === "number";
}

/** The shape that a model computes to bring a tensor to it: what is computed is not known beforehand. */
function computedShape({ operation: name, operands, named }: Settings): Shape | undefined {
  const { shape, newshape } = named as Settings;
  const sizes = (operands as unknown[])[1] ?? shape ?? newshape;
  if (name !== "reshape" || !Array.isArray(sizes)) return undefined;
  // What is left over becomes the first axis: of one picture it may be several pieces.
  const isOfPieces = sizes[0] === -1 && sizes.slice(1).every((size) => typeof size === "number" && size > 0);
  if (!isOfPieces && !sizes.some(isInput)) return undefined;
  return sizes.map((size) => typeof size === "number" && size >= 0 ? size : null);
}

/** An operation that a functional model recorded: its name, and what it is called with. */
export const operationLayer: KerasLayer = {
  className: "Operation",
  shape: (_input, settings) => computedShape(settings),
  call(inputs, { operation: name, operands, named }) {
    const found = findOperation(String(name))!;
    const call = {
      operands: fill(operands, inputs) as unknown[],
      named: Object.fromEntries(
        Object.entries(named as Settings).map(([key, value]) => [key, fill(value, inputs)]),
      ),
    };
    return found.compute(...bind(found, call));
  },
};
