import { quote } from "../../../base/quote.ts";
import { applyOperator, type Recorder, takeItem } from "./arithmetic.ts";
import { callFunction } from "./functions.ts";
import { ellipsis, type PythonCode, type PythonConstant, PythonSlice } from "./python.ts";
import { checkStep, NamePath, type Step, UnknownFunctionError, type Value } from "./values.ts";

/** What a function is called with, and in. */
export interface Call {
  /** Its arguments by place; a layer of several inputs gives a list. */
  readonly parameters: readonly Value[];
  /** The variables of the functions around it, by name. */
  readonly free: ReadonlyMap<string, Value>;
  /** How many inputs the layer has: steps are counted after them. */
  readonly inputs: number;
  /** The version of Keras, as a number such as 2.15. */
  readonly version: number;
}

/** Nothing, which Python puts beside what is called. */
export const nothing: unique symbol = Symbol("NULL");

/** What lies on Python's stack. */
type Item = Value | typeof nothing;

function constantOf(constant: PythonConstant | undefined): Value {
  if (constant === undefined || constant instanceof Uint8Array) {
    throw new UnknownFunctionError("has a constant that is not known");
  }
  if (constant === ellipsis) return "...";
  if (Array.isArray(constant)) return constant.map(constantOf);
  if (constant instanceof PythonSlice) return sliceOf(constant.start, constant.stop, constant.step);
  if (typeof constant === "object" && constant !== null) throw new UnknownFunctionError("holds a function");
  return constant as Value;
}

export function sliceOf(...parts: unknown[]): Value {
  const [start = null, stop = null, step = null] = parts;
  if (![start, stop, step].every((part) => part === null || typeof part === "number")) {
    throw new UnknownFunctionError("takes a part whose ends are computed");
  }
  return { start, stop, step } as Value;
}

/** The names of arguments. */
export function namesOf(value: Value): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === "string")) return value;
  throw new UnknownFunctionError("is damaged");
}

/** Follows one function. */
export class Machine implements Recorder {
  readonly #code: PythonCode;
  readonly #call: Call;
  readonly #stack: Item[] = [];
  readonly #locals = new Map<number, Value>();
  readonly steps: Step[] = [];
  /** The names of the last arguments of the next call. */
  #named: readonly string[] = [];

  constructor(code: PythonCode, call: Call) {
    this.#code = code;
    this.#call = call;
    call.parameters.forEach((value, place) => this.#locals.set(place, value));
  }

  record(step: Step): Value {
    checkStep(step);
    this.steps.push(step);
    return { input: this.#call.inputs + this.steps.length - 1 };
  }

  push(item: Item): void {
    this.#stack.push(item);
  }

  pop(): Item {
    const item = this.#stack.pop();
    if (item === undefined) throw new UnknownFunctionError("is damaged");
    return item;
  }

  popValue(): Value {
    const item = this.pop();
    if (item === nothing) throw new UnknownFunctionError("is damaged");
    return item;
  }

  popValues(count: number): Value[] {
    return Array.from({ length: count }, () => this.popValue()).reverse();
  }

  constant(index: number): Value {
    return constantOf(this.#code.constants[index]);
  }

  name(index: number): string {
    const name = this.#code.names[index];
    if (name === undefined) throw new UnknownFunctionError("is damaged");
    return name;
  }

  local(index: number): Value {
    const value = this.#locals.get(index);
    if (value === undefined) throw new UnknownFunctionError("is damaged");
    return value;
  }

  setLocal(index: number, value: Value): void {
    this.#locals.set(index, value);
  }

  /** A variable of a function around this one: counted on its own, or after the local ones. */
  free(index: number): Value {
    const { layout, locals, free } = this.#code;
    const name = layout === "3.11" ? locals[index] : free[index];
    const value = name === undefined ? undefined : this.#call.free.get(name);
    if (value === undefined) {
      throw new UnknownFunctionError(`uses ${quote(name)}, whose value is not in the file`);
    }
    return value;
  }

  attribute(name: string): Value {
    const value = this.popValue();
    if (!(value instanceof NamePath)) throw new UnknownFunctionError(`asks a tensor for ${quote(name)}`);
    return new NamePath([...value.parts, name]);
  }

  setNamed(index: number): void {
    this.#named = namesOf(this.constant(index));
  }

  /** Call what lies below the arguments. */
  call(count: number, named: readonly string[], hasNothing: boolean): void {
    if (named.length > count) throw new UnknownFunctionError("is damaged");
    const values = this.popValues(count);
    const callees = hasNothing ? [this.pop(), this.pop()] : [this.pop()];
    const [callee] = callees.filter((item) => item !== nothing);
    if (!(callee instanceof NamePath)) throw new UnknownFunctionError("calls what is not known");
    const places = values.length - named.length;
    this.push(callFunction(callee, {
      operands: values.slice(0, places),
      named: Object.fromEntries(named.map((name, index) => [name, values[places + index]!])),
    }, { recorder: this, version: this.#call.version }));
  }

  /** Likewise, with the names noted before. */
  callNoted(count: number): void {
    const named = this.#named;
    this.#named = [];
    this.call(count, named, true);
  }

  operate(operator: string): void {
    const [a, b] = this.popValues(2);
    this.push(applyOperator(operator, a!, b!, this));
  }

  /** Python 2's division: of tensors with fractions, of whole numbers without, which constants do not tell apart. */
  divide(): void {
    const [a, b] = this.popValues(2);
    if (typeof a === "number" && typeof b === "number") {
      throw new UnknownFunctionError("divides numbers as Python 2 did");
    }
    this.push(applyOperator("/", a!, b!, this));
  }

  take(key: Value): void {
    this.push(takeItem(this.popValue(), key, this));
  }
}
