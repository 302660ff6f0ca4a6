/**
 * Functions whose steps follow each other are made of Keras's own layers, so that what they do to pixels can be told.
 *
 * @module
 */
import { isTensor, type Step, type Value } from "./values.ts";

/** A layer of a chain. */
export type Link =
  | { readonly kind: "Rescaling"; readonly scale: Factor; readonly offset: Factor }
  | { readonly kind: "Operation"; readonly step: Step };

/** A number, or one for each channel. */
type Factor = number | readonly number[];

/** What is multiplied and added so far. */
interface Affine {
  readonly scale: Factor;
  readonly offset: Factor;
}

const none: Affine = { scale: 1, offset: 0 };

/** Compute with numbers, or with one for each channel. */
function each(a: Factor, b: Factor, compute: (a: number, b: number) => number): Factor {
  if (typeof a === "number" && typeof b === "number") return compute(a, b);
  const count = typeof a === "number" ? (b as readonly number[]).length : a.length;
  const at = (factor: Factor, index: number) => typeof factor === "number" ? factor : factor[index]!;
  return Array.from({ length: count }, (_, index) => compute(at(a, index), at(b, index)));
}

const plus = (a: number, b: number) => a + b;
const times = (a: number, b: number) => a * b;

/** What each operation makes of `scale · x + offset` with a constant on its right, or on its left. */
const rules: Readonly<
  Record<string, (affine: Affine, constant: Factor, isLeft: boolean) => Affine | undefined>
> = {
  add: ({ scale, offset }, constant) => ({ scale, offset: each(offset, constant, plus) }),
  multiply: ({ scale, offset }, constant) => ({
    scale: each(scale, constant, times),
    offset: each(offset, constant, times),
  }),
  subtract({ scale, offset }, constant, isLeft) {
    const sign = isLeft ? -1 : 1;
    return {
      scale: each(scale, sign, times),
      offset: each(each(offset, sign, times), each(constant, -sign, times), plus),
    };
  },
  true_divide({ scale, offset }, constant, isLeft) {
    if (isLeft) return undefined;
    const by = (a: number, b: number) => a / b;
    return { scale: each(scale, constant, by), offset: each(offset, constant, by) };
  },
  negative: ({ scale, offset }) => ({ scale: each(scale, -1, times), offset: each(offset, -1, times) }),
};

/** A constant as one number or one a channel; `undefined` for anything else. */
function factorOf(value: Value): Factor | undefined {
  if (typeof value === "number") return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (value.every((item) => typeof item === "number")) return value;
  return value.length === 1 ? factorOf(value[0]!) : undefined; // axes of size 1 before that of the channels
}

function lengthOf(factor: Factor): number | undefined {
  return typeof factor === "number" ? undefined : factor.length;
}

/** What a step makes of what was multiplied and added before it; `undefined` if it is another step. */
function rescale({ operation, operands, named }: Step, before: Affine): Affine | undefined {
  const rule = Object.hasOwn(rules, operation) && Object.keys(named).length === 0
    ? rules[operation]
    : undefined;
  if (!rule) return undefined;
  const isLeft = !isTensor(operands[0]!);
  const constant = operation === "negative" ? 1 : factorOf(operands[isLeft ? 0 : 1]!);
  if (constant === undefined) return undefined;
  const counts = new Set(
    [before.scale, before.offset, constant].map(lengthOf).filter((count) => count !== undefined),
  );
  if (counts.size > 1) return undefined;
  const after = rule(before, constant, isLeft);
  return after && [after.scale, after.offset].flat().every(Number.isFinite) ? after : undefined;
}

/** Whether a step leaves numbers as they are, which are of one type here. */
function isCast({ operation, named, operands }: Step): boolean {
  const type = named.dtype ?? operands[1] ?? "float32";
  return operation === "cast" && /^(b?float|half|double)/.test(String(type));
}

/** How often a step takes a tensor. */
function tensorsIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value !== "object" || value === null) return [];
  return "input" in value ? [Number(value.input)] : [];
}

/** Whether each step takes what the one before it gives, and nothing else. */
function isChain(steps: readonly Step[]): boolean {
  return steps.every(({ operands, named }, index) => {
    const taken = tensorsIn([...operands, ...Object.values(named)]);
    return taken.length === 1 && taken[0] === index && isTensor(operands[0] ?? null) ||
      taken.length === 1 && taken[0] === index && isTensor(operands[1] ?? null);
  });
}

/** The same step for a layer of its own, whose only input is the first. */
function alone({ operation, operands, named }: Step): Step {
  return { operation, operands: operands.map((value) => isTensor(value) ? { input: 0 } : value), named };
}

/**
 * The layers that a function's steps are, one after another.
 *
 * @param steps Its steps, where the layer has one input.
 * @returns `undefined` if they branch; none if they leave numbers as they are.
 */
export function chainOf(steps: readonly Step[]): Link[] | undefined {
  if (!isChain(steps)) return undefined;
  const links: Link[] = [];
  for (const step of steps) {
    if (isCast(step)) continue;
    const last = links.at(-1);
    const affine = rescale(step, last?.kind === "Rescaling" ? last : none) ?? rescale(step, none);
    if (!affine) {
      links.push({ kind: "Operation", step: alone(step) });
      continue;
    }
    const isJoined = last?.kind === "Rescaling" && rescale(step, last) !== undefined;
    if (isJoined) links.pop();
    links.push({ kind: "Rescaling", ...affine });
  }
  return links;
}
