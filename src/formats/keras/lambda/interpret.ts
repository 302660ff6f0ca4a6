/**
 * Functions without branches, followed instruction by instruction with names in the place of values: what they would
 * compute is written down as steps, and nothing is run.
 *
 * @module
 */
import { negate } from "./arithmetic.ts";
import { resolveName } from "./functions.ts";
import { type Call, Machine, namesOf, nothing, sliceOf } from "./machine.ts";
import type { Instruction } from "./opcodes.ts";
import type { PythonCode } from "./python.ts";
import { type Step, UnknownFunctionError, type Value } from "./values.ts";

/** What a function gives. */
export interface Followed {
  readonly steps: readonly Step[];
  readonly result: Value;
}

/** The operators by their numbers in `BINARY_OP`; those that change the left side come 13 later. */
const numbered: Readonly<Record<number, string>> = {
  0: "+",
  2: "//",
  5: "*",
  6: "%",
  8: "**",
  10: "-",
  11: "/",
};
const subscript = 26; // from Python 3.14 on

/** What each instruction does; one that ends the function gives its result. */
const instructions: Readonly<Record<string, (machine: Machine, argument: number) => Value | void>> = {
  NOP: () => {},
  RESUME: () => {},
  COPY_FREE_VARS: () => {},
  PRECALL: () => {},
  PUSH_NULL: (machine) => machine.push(nothing),
  LOAD_CONST: (machine, index) => machine.push(machine.constant(index)),
  LOAD_SMALL_INT: (machine, value) => machine.push(value),
  LOAD_FAST: (machine, index) => machine.push(machine.local(index)),
  LOAD_FAST_LOAD_FAST(machine, both) {
    machine.push(machine.local(both >> 4));
    machine.push(machine.local(both & 15));
  },
  STORE_FAST: (machine, index) => machine.setLocal(index, machine.popValue()),
  STORE_FAST_LOAD_FAST(machine, both) {
    machine.setLocal(both >> 4, machine.popValue());
    machine.push(machine.local(both & 15));
  },
  LOAD_DEREF: (machine, index) => machine.push(machine.free(index)),
  LOAD_ATTR: (machine, index) => machine.push(machine.attribute(machine.name(index))),
  LOAD_METHOD(machine, index) { // as if nothing lay below it: a module's functions are no methods
    const value = machine.attribute(machine.name(index));
    machine.push(nothing);
    machine.push(value);
  },
  BUILD_TUPLE: (machine, count) => machine.push(machine.popValues(count)),
  BUILD_LIST: (machine, count) => machine.push(machine.popValues(count)),
  BUILD_SLICE: (machine, count) => machine.push(sliceOf(...machine.popValues(count))),
  LIST_TO_TUPLE: () => {},
  LIST_EXTEND(machine) {
    const [list, more] = machine.popValues(2);
    if (!Array.isArray(list) || !Array.isArray(more)) throw new UnknownFunctionError("is damaged");
    machine.push([...list, ...more]);
  },
  UNARY_NEGATIVE: (machine) => machine.push(negate(machine.popValue(), machine)),
  UNARY_POSITIVE: () => {},
  CALL_INTRINSIC_1(_machine, which) { // 5 is +x, 6 makes a tuple of a list
    if (which !== 5 && which !== 6) throw new UnknownFunctionError("has an instruction that is not known");
  },
  BINARY_SUBSCR: (machine) => machine.take(machine.popValue()),
  BINARY_SLICE(machine) {
    const [start, stop] = machine.popValues(2);
    machine.take(sliceOf(start, stop));
  },
  BINARY_OP(machine, which) {
    if (which === subscript) return machine.take(machine.popValue());
    machine.operate(numbered[which % 13] ?? String(which));
  },
  CALL_FUNCTION: (machine, count) => machine.call(count, [], false),
  CALL_FUNCTION_KW(machine, count) {
    machine.call(count, namesOf(machine.popValue()), false);
  },
  CALL_FUNCTION_OLD(machine, counts) { // by place, and by name: the name before each value
    const pairs = machine.popValues((counts >> 8) * 2);
    const named = namesOf(pairs.filter((_, index) => index % 2 === 0));
    for (const value of pairs.filter((_, index) => index % 2 === 1)) machine.push(value);
    machine.call((counts & 0xff) + named.length, named, false);
  },
  CALL_METHOD: (machine, count) => machine.call(count, [], true),
  CALL: (machine, count) => machine.callNoted(count),
  KW_NAMES: (machine, index) => machine.setNamed(index),
  CALL_KW(machine, count) {
    machine.call(count, namesOf(machine.popValue()), true);
  },
  BINARY_DIVIDE: (machine) => machine.divide(),
  INPLACE_DIVIDE: (machine) => machine.divide(),
  RETURN_VALUE: (machine) => machine.popValue(),
  RETURN_CONST: (machine, index) => machine.constant(index),
};

/** Operators that have an instruction each, until Python 3.10. */
const operatorsByName: Readonly<Record<string, string>> = {
  ADD: "+",
  SUBTRACT: "-",
  MULTIPLY: "*",
  TRUE_DIVIDE: "/",
  FLOOR_DIVIDE: "//",
  POWER: "**",
};

/** From Python 3.11 on the lowest bit of a global's number, from 3.12 on of an attribute's, says that it is called. */
function loadGlobal(machine: Machine, argument: number, dialect: string): void {
  const isRecent = dialect !== "classic";
  machine.push(resolveName(machine.name(isRecent ? argument >> 1 : argument)));
  if (isRecent && argument & 1) machine.push(nothing);
}

function loadAttribute(machine: Machine, argument: number): void {
  machine.push(machine.attribute(machine.name(argument >> 1)));
  if (argument & 1) machine.push(nothing);
}

/**
 * What a function computes.
 *
 * @param code The function.
 * @param dialect The Python that it is read as.
 * @param list Its instructions.
 * @param call What it is called with.
 * @throws {UnknownFunctionError} If it does something that is not known.
 */
export function follow(
  code: PythonCode,
  [dialect, list]: readonly [dialect: string, Instruction[]],
  call: Call,
): Followed {
  const machine = new Machine(code, call);
  const hasBits = !["classic", "3.11"].includes(dialect);
  for (const [index, { name, argument }] of list.entries()) {
    if (name === "LOAD_GLOBAL") loadGlobal(machine, argument, dialect);
    else if (name === "LOAD_ATTR" && hasBits) loadAttribute(machine, argument);
    else {
      const operator = operatorsByName[name.replace(/^(BINARY|INPLACE)_/, "")];
      const plain = name.replaceAll(/_(CHECK|BORROW)/g, "");
      const run = instructions[plain];
      if (run) {
        const result = run(machine, argument);
        if (result === undefined) continue;
        if (index < list.length - 1) throw new UnknownFunctionError("has branches");
        return { steps: machine.steps, result };
      }
      if (operator === undefined) throw new UnknownFunctionError("has an instruction that is not known");
      machine.operate(operator);
    }
  }
  throw new UnknownFunctionError("is damaged");
}
