import type { MapPlan } from "../explain/progress.ts";

/** From how many runs of the model a photo on it is said before. */
const many = 100;

function inWords(count: number): string {
  return count.toLocaleString("en");
}

/** What a photo will cost, where that is much. */
export function costNote({ passes, methods, targets }: MapPlan): string | undefined {
  if (passes <= many) return undefined;
  const costs = Object.entries(methods).filter(([, cost]) => cost > 0);
  const times = `${targets > 1 ? "up to " : ""}${inWords(passes)} times a photo`; // classes may share runs
  if (costs.length === 1) return `${costs[0]![0]} runs the model ${times}`;
  const each = costs.sort(([, one], [, other]) => other - one)
    .map(([name, cost]) => `${name} ${inWords(cost)}`).join(", ");
  return `The methods run the model ${times}: ${each}`;
}
