import type { ElementType } from "../element_type.ts";
import { isFloat } from "../element_type.ts";
import { broadcastShape, makeArray, type NumberArray, spreadPlaces } from "./array.ts";
import type { Folder, Folders } from "./folder.ts";

/** Each number of an array made another. */
export function mapped(
  x: NumberArray,
  apply: (value: number) => number,
  type: ElementType = x.type,
): NumberArray {
  const result = makeArray(type, x.shape);
  for (let at = 0; at < x.numbers.length; at++) result.numbers[at] = apply(x.numbers[at]!);
  return result;
}

/** Two arrays, spread to one shape, made one. */
export function combined(
  a: NumberArray,
  b: NumberArray,
  apply: (x: number, y: number) => number,
  type: ElementType = a.type,
): NumberArray {
  const shape = broadcastShape(a.shape, b.shape);
  const result = makeArray(type, shape);
  const first = spreadPlaces(a.shape, shape), second = spreadPlaces(b.shape, shape);
  for (let at = 0; at < result.numbers.length; at++) {
    result.numbers[at] = apply(a.numbers[first ? first[at]! : at]!, b.numbers[second ? second[at]! : at]!);
  }
  return result;
}

const unary = (apply: (value: number) => number, type?: ElementType): Folder => ({ arrays: [x] }) => [
  mapped(x!, apply, type),
];

const binary =
  (apply: (x: number, y: number) => number, type?: ElementType): Folder => ({ arrays: [a, b] }) => [
    combined(a!, b!, apply, type),
  ];

/** Of any number of arrays, one after another. */
const together = (apply: (x: number, y: number) => number): Folder => ({ arrays }) => [
  arrays.slice(1).reduce<NumberArray>((sum, one) => combined(sum, one!, apply), arrays[0]!),
];

/** The quotient of integers is one too, cut off towards 0. */
const quotient: Folder = ({ arrays: [a, b] }) => [
  combined(a!, b!, isFloat(a!.type) ? (x, y) => x / y : (x, y) => Math.trunc(x / y)),
];

/** What is left has the divisor's sign, or with `fmod` the dividend's. */
const remainder: Folder = ({ arrays: [a, b], attributes }) => [
  combined(a!, b!, attributes.int("fmod", 0) === 1 ? (x, y) => x % y : (x, y) => x - Math.floor(x / y) * y),
];

/** To the nearest, and of two to the even one. */
export function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const both = (test: (x: number, y: number) => boolean): Folder =>
  binary((x, y) => Number(test(x, y)), "bool");

/** The smaller or larger of numbers; not a number where one is none. */
const bounded: Folder = ({ arrays: [x, low, high], attributes }) => {
  const least = low?.numbers[0] ?? attributes.float("min", -Infinity);
  const most = high?.numbers[0] ?? attributes.float("max", Infinity);
  return [mapped(x!, (value) => Math.min(most, Math.max(least, value)))];
};

/** From one array where a condition holds, from another elsewhere. */
const where: Folder = ({ arrays: [condition, a, b] }) => {
  const shape = broadcastShape(broadcastShape(condition!.shape, a!.shape), b!.shape);
  const result = makeArray(a!.type, shape);
  const places = [condition!, a!, b!].map((one) => spreadPlaces(one.shape, shape));
  for (let at = 0; at < result.numbers.length; at++) {
    const [holds, one, other] = [condition!, a!, b!].map(({ numbers }, index) =>
      numbers[places[index] ? places[index][at]! : at]!
    );
    result.numbers[at] = holds ? one! : other!;
  }
  return [result];
};

/** Arithmetic, comparison and logic of constants. */
export const elementwiseFolders: Folders = {
  Abs: unary(Math.abs),
  Add: binary((x, y) => x + y),
  And: both((x, y) => x !== 0 && y !== 0),
  Ceil: unary(Math.ceil),
  Clip: bounded,
  Cos: unary(Math.cos),
  Div: quotient,
  Equal: both((x, y) => x === y),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Greater: both((x, y) => x > y),
  GreaterOrEqual: both((x, y) => x >= y),
  Less: both((x, y) => x < y),
  LessOrEqual: both((x, y) => x <= y),
  Log: unary(Math.log),
  Max: together(Math.max),
  Min: together(Math.min),
  Mod: remainder,
  Mul: binary((x, y) => x * y),
  Neg: unary((x) => -x),
  Not: unary((x) => Number(x === 0)),
  Or: both((x, y) => x !== 0 || y !== 0),
  Pow: binary(Math.pow),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(0, x)),
  Round: unary(roundHalfToEven),
  Sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Sqrt: unary(Math.sqrt),
  Sub: binary((x, y) => x - y),
  Sum: together((x, y) => x + y),
  Tanh: unary(Math.tanh),
  Where: where,
  Xor: both((x, y) => (x !== 0) !== (y !== 0)),
};
