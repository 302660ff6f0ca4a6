import { quote } from "../../../base/quote.ts";
import { isTensor, type Step, type Value } from "./values.ts";

/** Operators by the operations that they are, and how tightly they bind. */
const operators: Readonly<Record<string, readonly [sign: string, strength: number]>> = {
  add: ["+", 1],
  subtract: ["-", 1],
  multiply: ["*", 2],
  true_divide: ["/", 2],
  power: ["**", 3],
};

/** How many characters a formula has at most. */
const longest = 120;

interface Term {
  readonly text: string;
  readonly strength: number;
}

function constantText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(constantText).join(", ")}]`;
  if (typeof value === "object" && value !== null && "start" in value) {
    const { start, stop, step } = value;
    return [start, stop, ...(step === null ? [] : [step])].map((part) => part ?? "").join(":");
  }
  return typeof value === "string" && value !== "..." ? quote(value) : String(value);
}

/**
 * What a function computes, for people: `x / 127.5 - 1`.
 *
 * @param steps Its steps.
 * @param inputs How many inputs it has.
 */
export function formulaOf(steps: readonly Step[], inputs: number): string {
  const terms: Term[] = Array.from({ length: inputs }, (_, index) => ({
    text: inputs === 1 ? "x" : `x[${index}]`,
    strength: 9,
  }));
  const term = (value: Value): Term => {
    if (isTensor(value)) return terms[value.input]!;
    if (Array.isArray(value) && value.some(isTensor)) {
      return { text: `[${value.map((item) => term(item).text).join(", ")}]`, strength: 9 };
    }
    return { text: constantText(value), strength: typeof value === "number" && value < 0 ? 0 : 9 };
  };
  const within = ({ text, strength }: Term, least: number) => strength < least ? `(${text})` : text;
  for (const { operation, operands, named } of steps) {
    const [sign, strength] = operators[operation] ?? [];
    if (sign !== undefined && strength !== undefined && operands.length === 2) {
      const [a, b] = operands.map(term);
      terms.push({ text: `${within(a!, strength)} ${sign} ${within(b!, strength + 1)}`, strength });
    } else if (operation === "getitem") {
      const [x, key] = operands;
      const keys = (Array.isArray(key) ? key : [key!]) as Value[];
      terms.push({ text: `${within(term(x!), 9)}[${keys.map(constantText).join(", ")}]`, strength: 9 });
    } else {
      const rest = Object.entries(named).map(([name, value]) => `${name}=${constantText(value)}`);
      terms.push({
        text: `${operation}(${[...operands.map((value) => term(value).text), ...rest].join(", ")})`,
        strength: 9,
      });
    }
  }
  const { text } = terms.at(-1)!;
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
