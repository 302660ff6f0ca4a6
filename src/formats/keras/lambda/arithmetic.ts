import { settled } from "./names.ts";
import { holdsTensor, isList, isTensor, type Step, UnknownFunctionError, type Value } from "./values.ts";

/** Python's operators, as operations are called and as numbers are computed. */
const operators: Readonly<Record<string, readonly [operation: string, (a: number, b: number) => number]>> = {
  "+": ["add", (a, b) => a + b],
  "-": ["subtract", (a, b) => a - b],
  "*": ["multiply", (a, b) => a * b],
  "/": ["true_divide", (a, b) => a / b],
  "**": ["power", (a, b) => a ** b],
};

/** Numbers, in lists of any depth. */
function isNumeric(value: Value): boolean {
  return typeof value === "number" || isList(value) && value.length > 0 && value.every(isNumeric);
}

/** Where steps are noted. */
export interface Recorder {
  /** Note a step; what it gives. */
  record(step: Step): Value;
}

/**
 * Two values joined by an operator: a step where a tensor is among them, else a number.
 *
 * @throws {UnknownFunctionError} If it is no arithmetic with numbers and tensors.
 */
export function applyOperator(operator: string, left: Value, right: Value, recorder: Recorder): Value {
  const a = settled(left), b = settled(right);
  const found = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!found) throw new UnknownFunctionError(`uses the operator ${operator}`);
  const [operation, compute] = found;
  if (typeof a === "number" && typeof b === "number") return compute(a, b);
  const fits = (value: Value) => isTensor(value) || isNumeric(value);
  if (!fits(a) || !fits(b) || !(isTensor(a) || isTensor(b))) {
    throw new UnknownFunctionError(`uses the operator ${operator} on what are no numbers`);
  }
  return recorder.record({ operation, operands: [a, b], named: {} });
}

/** A value with its sign turned. */
export function negate(value: Value, recorder: Recorder): Value {
  if (typeof value === "number") return -value;
  if (isTensor(value)) return recorder.record({ operation: "negative", operands: [value], named: {} });
  throw new UnknownFunctionError("turns the sign of what is no number");
}

/** Part of a value: an element of a list, or of a tensor what a key says. */
export function takeItem(value: Value, at: Value, recorder: Recorder): Value {
  const key = settled(at);
  if (isTensor(value) && !holdsTensor(key)) {
    return recorder.record({ operation: "getitem", operands: [value, key], named: {} });
  }
  if (isList(value) && typeof key === "number") {
    const item = value.at(key);
    if (item !== undefined) return item;
  }
  throw new UnknownFunctionError("takes a part of what is no tensor");
}
