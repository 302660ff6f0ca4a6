/**
 * Names that people import modules by, and what those modules hold besides functions.
 *
 * @module
 */
import { quote } from "../../../base/quote.ts";
import { NamePath, UnknownFunctionError, type Value } from "./values.ts";

/** What modules are called. */
const modules: Readonly<Record<string, string>> = {
  tensorflow: "tf",
  ktf: "tf",
  backend: "K",
  KTF: "K",
  numpy: "np",
};

/** Modules that are reached by several ways, the longest first. */
const places: readonly (readonly [from: string, to: string])[] = [
  ["tf.python.keras.", "keras."],
  ["tf.compat.v1.", "tf1."],
  ["tf.compat.v2.", "tf."],
  ["tf.keras.", "keras."],
  ["tf1.keras.", "keras."],
  ["tf_keras.", "keras."],
  ["keras.src.", "keras."],
  ["keras.backend.", "K."],
  ["keras.ops.", "ops."],
  ["K.tf.", "tf."],
  ["tf.nn.", "nn."],
];

/** Types of numbers. */
const type = /^(bfloat16|float(16|32|64)|u?int(8|16|32|64)|bool|double|half)$/;

/** A path as it is written here, whatever a module was imported as. */
export function canonical({ parts: [head = "", ...rest] }: NamePath): string {
  const path = [Object.hasOwn(modules, head) ? modules[head]! : head, ...rest].join(".");
  return places.reduce(
    (text, [from, to]) => text.startsWith(from) ? to + text.slice(from.length) : text,
    path,
  );
}

/** What some names stand for. */
const constants: Readonly<Record<string, Value>> = {
  True: true, // a name to Python 2
  False: false,
  "np.pi": Math.PI,
  "math.pi": Math.PI,
  "np.e": Math.E,
  "math.e": Math.E,
  "np.newaxis": null,
  "tf.newaxis": null,
  "ops.newaxis": null,
};

/**
 * A value, where a name may stand for one.
 *
 * @throws {UnknownFunctionError} If a name is not known.
 */
export function settled(value: Value): Value {
  if (Array.isArray(value)) return value.map(settled);
  if (!(value instanceof NamePath)) return value;
  const path = canonical(value);
  if (Object.hasOwn(constants, path)) return constants[path]!;
  const last = value.parts.at(-1)!;
  if (value.parts.length > 1 && type.test(last)) return last;
  if (value.parts.at(-2) === "ResizeMethod") return last.toLowerCase();
  throw new UnknownFunctionError(`uses ${quote(value.text)}, whose value is not in the file`);
}
