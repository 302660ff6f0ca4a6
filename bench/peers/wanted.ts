/**
 * What is to be measured for the ratios that are asked for.
 *
 * @module
 */
import { type Ratio, ratios, type Side } from "./figures.ts";

/** The ratios whose names contain one of some texts, in any case. */
export function ratiosNamed(texts: readonly string[]): Ratio[] {
  const wanted = texts.map((text) => text.toLowerCase());
  return ratios.filter(({ name }) => wanted.some((text) => name.toLowerCase().includes(text)));
}

/** Whether something is needed for ratios; all is where none are named. */
export class Wanted {
  readonly #sides: readonly Side[] | undefined;

  /** @param rows Ratios; `undefined` for all that can be measured. */
  constructor(rows: readonly Ratio[] | undefined) {
    this.#sides = rows?.flatMap(({ above, below }) => [above, below]);
  }

  /** Whether some side is of such a kind. */
  has(wanted: Readonly<Record<string, unknown>>): boolean {
    const of = Object.entries(wanted);
    return this.#sides?.some((side) => {
      const fields: Readonly<Record<string, unknown>> = { ...side };
      return of.every(([name, value]) => fields[name] === value);
    }) ?? true;
  }
}
