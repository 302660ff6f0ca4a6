import type { Followed } from "./interpret.ts";
import { isTensor, type Value } from "./values.ts";

/** Without the steps that nothing depends on. */
export function pruned({ steps, result }: Followed, inputs: number): Followed {
  const needed = new Set<number>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== "object" || value === null || !isTensor(value as Value)) return;
    const { input } = value as { input: number };
    if (input < inputs || needed.has(input)) return;
    needed.add(input);
    const step = steps[input - inputs]!;
    visit([...step.operands, ...Object.values(step.named)]);
  };
  visit(result);
  const kept = [...needed].sort((a, b) => a - b);
  const renumber = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(renumber);
    if (!isTensor(value) || value.input < inputs) return value;
    return { input: inputs + kept.indexOf(value.input) };
  };
  return {
    steps: kept.map((input) => {
      const { operation, operands, named } = steps[input - inputs]!;
      const entries = Object.entries(named).map(([name, value]) => [name, renumber(value)] as const);
      return { operation, operands: operands.map(renumber), named: Object.fromEntries(entries) };
    }),
    result: renumber(result),
  };
}
