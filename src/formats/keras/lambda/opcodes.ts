/**
 * Instructions of Python, by version: what each number means, and how much room follows it that the interpreter
 * keeps for itself.
 *
 * @module
 */
import type { PythonCode } from "./python.ts";

/** An instruction and its number. */
export interface Instruction {
  readonly name: string;
  readonly argument: number;
}

/** A number, and how many units of two bytes follow that are not read. */
type Numbered = number | readonly [opcode: number, cached: number];

/** The instructions of a range of versions that functions without branches are made of. */
export interface Dialect {
  readonly name: string;
  /** The layout of code that it comes in. */
  readonly layouts: readonly string[];
  readonly opcodes: Readonly<Record<string, Numbered>>;
}

/** Until 3.10; versions differ in what they lack. */
const classic: Readonly<Record<string, Numbered>> = {
  POP_TOP: 1,
  NOP: 9,
  UNARY_POSITIVE: 10,
  UNARY_NEGATIVE: 11,
  BINARY_POWER: 19,
  BINARY_MULTIPLY: 20,
  BINARY_DIVIDE: 21, // Python 2's, of whole numbers the whole quotient
  BINARY_ADD: 23,
  BINARY_SUBTRACT: 24,
  BINARY_SUBSCR: 25,
  BINARY_FLOOR_DIVIDE: 26,
  BINARY_TRUE_DIVIDE: 27,
  INPLACE_TRUE_DIVIDE: 29,
  INPLACE_ADD: 55,
  INPLACE_SUBTRACT: 56,
  INPLACE_MULTIPLY: 57,
  INPLACE_DIVIDE: 58,
  INPLACE_POWER: 67,
  LIST_TO_TUPLE: 82,
  RETURN_VALUE: 83,
  LOAD_CONST: 100,
  BUILD_TUPLE: 102,
  BUILD_LIST: 103,
  LOAD_ATTR: 106,
  LOAD_GLOBAL: 116,
  LOAD_FAST: 124,
  STORE_FAST: 125,
  CALL_FUNCTION: 131,
  BUILD_SLICE: 133,
  LOAD_DEREF: 136,
  CALL_FUNCTION_KW: 141,
  EXTENDED_ARG: 144,
  LOAD_METHOD: 160,
  CALL_METHOD: 161,
  LIST_EXTEND: 162,
};

/** What 3.11 and 3.12 have in common. */
const modern: Readonly<Record<string, Numbered>> = {
  POP_TOP: 1,
  PUSH_NULL: 2,
  NOP: 9,
  UNARY_NEGATIVE: 11,
  RETURN_VALUE: 83,
  LOAD_CONST: 100,
  BUILD_TUPLE: 102,
  BUILD_LIST: 103,
  BINARY_OP: [122, 1],
  LOAD_FAST: 124,
  STORE_FAST: 125,
  BUILD_SLICE: 133,
  LOAD_DEREF: 137,
  EXTENDED_ARG: 144,
  COPY_FREE_VARS: 149,
  RESUME: 151,
  LIST_EXTEND: 162,
  KW_NAMES: 172,
};

/** All dialects. */
export const dialects: readonly Dialect[] = [
  { name: "classic", layouts: ["3.0", "3.8"], opcodes: classic },
  {
    name: "3.11",
    layouts: ["3.11"],
    opcodes: {
      ...modern,
      UNARY_POSITIVE: 10,
      BINARY_SUBSCR: [25, 4],
      LIST_TO_TUPLE: 82,
      LOAD_ATTR: [106, 4],
      LOAD_GLOBAL: [116, 5],
      LOAD_METHOD: [160, 10],
      PRECALL: [166, 1],
      CALL: [171, 4],
    },
  },
  {
    name: "3.12",
    layouts: ["3.11"],
    opcodes: {
      ...modern,
      BINARY_SUBSCR: [25, 1],
      BINARY_SLICE: 26,
      LOAD_ATTR: [106, 9],
      LOAD_GLOBAL: [116, 4],
      RETURN_CONST: 121,
      LOAD_FAST_CHECK: 127,
      CALL: [171, 3],
      CALL_INTRINSIC_1: 173,
    },
  },
  {
    name: "3.13",
    layouts: ["3.11"],
    opcodes: {
      BINARY_SLICE: 4,
      BINARY_SUBSCR: [5, 1],
      NOP: 30,
      POP_TOP: 32,
      PUSH_NULL: 34,
      RETURN_VALUE: 36,
      UNARY_NEGATIVE: 42,
      BINARY_OP: [45, 1],
      BUILD_LIST: 47,
      BUILD_SLICE: 50,
      BUILD_TUPLE: 52,
      CALL: [53, 3],
      CALL_INTRINSIC_1: 55,
      CALL_KW: 57,
      COPY_FREE_VARS: 62,
      EXTENDED_ARG: 71,
      LIST_EXTEND: 81,
      LOAD_ATTR: [82, 9],
      LOAD_CONST: 83,
      LOAD_DEREF: 84,
      LOAD_FAST: 85,
      LOAD_FAST_CHECK: 87,
      LOAD_FAST_LOAD_FAST: 88,
      LOAD_GLOBAL: [91, 4],
      RETURN_CONST: 103,
      STORE_FAST: 110,
      STORE_FAST_LOAD_FAST: 111,
      RESUME: 149,
    },
  },
  {
    name: "3.14",
    layouts: ["3.11"],
    opcodes: {
      BINARY_SLICE: 1,
      NOP: 27,
      POP_TOP: 31,
      PUSH_NULL: 33,
      RETURN_VALUE: 35,
      UNARY_NEGATIVE: 41,
      BINARY_OP: [44, 5],
      BUILD_LIST: 46,
      BUILD_SLICE: 49,
      BUILD_TUPLE: 51,
      CALL: [52, 3],
      CALL_INTRINSIC_1: 53,
      CALL_KW: [55, 3],
      COPY_FREE_VARS: 60,
      EXTENDED_ARG: 69,
      LIST_EXTEND: 79,
      LOAD_ATTR: [80, 9],
      LOAD_CONST: 82,
      LOAD_DEREF: 83,
      LOAD_FAST: 84,
      LOAD_FAST_BORROW: 86,
      LOAD_FAST_BORROW_LOAD_FAST_BORROW: 87,
      LOAD_FAST_CHECK: 88,
      LOAD_FAST_LOAD_FAST: 89,
      LOAD_GLOBAL: [92, 4],
      LOAD_SMALL_INT: 94,
      STORE_FAST: 112,
      STORE_FAST_LOAD_FAST: 113,
      RESUME: 128,
    },
  },
];

/** Until Python 3.5 only instructions from this number on have an argument, of two bytes. */
const firstWithArgument = 90;

/** Whether code is of a Python before 3.6: its last byte is the instruction that returns, which later has an argument. */
function isUneven({ layout, instructions }: PythonCode): boolean {
  return layout !== "3.11" && instructions.at(-1) === 83;
}

/** Instructions of Python 2.7 and 3.5, of one byte or three. */
function decodeUneven({ instructions: code }: PythonCode): Instruction[] | undefined {
  const found: Instruction[] = [];
  for (let at = 0; at < code.length;) {
    const opcode = code[at]!;
    const name = nameOf(classic, opcode);
    if (name === undefined) return undefined;
    const has = opcode >= firstWithArgument;
    const argument = has ? code[at + 1]! | code[at + 2]! << 8 : 0;
    found.push({ name: name === "CALL_FUNCTION" ? "CALL_FUNCTION_OLD" : name, argument });
    at += has ? 3 : 1;
  }
  return found;
}

function nameOf(opcodes: Dialect["opcodes"], opcode: number): string | undefined {
  return Object.keys(opcodes).find((name) => [opcodes[name]!].flat()[0] === opcode);
}

/** Instructions of two bytes each. */
function decodeEven({ instructions: code }: PythonCode, { opcodes }: Dialect): Instruction[] | undefined {
  const found: Instruction[] = [];
  let extended = 0;
  for (let at = 0; at + 1 < code.length; at += 2) {
    const name = nameOf(opcodes, code[at]!);
    if (name === undefined) return undefined;
    const argument = extended << 8 | code[at + 1]!;
    extended = name === "EXTENDED_ARG" ? argument : 0;
    if (name === "EXTENDED_ARG") continue;
    found.push({ name, argument });
    const [, cached = 0] = [opcodes[name]!].flat();
    const room = code.subarray(at + 2, at + 2 + 2 * cached);
    if (room.length < 2 * cached || room.some((byte) => byte !== 0)) return undefined;
    at += 2 * cached;
  }
  return found;
}

/**
 * The instructions of a function, in each dialect in which they can be read.
 *
 * @returns None if it has others than those that functions without branches are made of.
 */
export function decode(code: PythonCode): (readonly [dialect: string, Instruction[]])[] {
  if (isUneven(code)) {
    const found = decodeUneven(code);
    return found ? [["classic", found]] : [];
  }
  return dialects.filter(({ layouts }) => layouts.includes(code.layout)).flatMap((dialect) => {
    const found = decodeEven(code, dialect);
    return found ? [[dialect.name, found] as const] : [];
  });
}
