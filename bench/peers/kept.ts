/**
 * What was measured before a run was interrupted.
 *
 * @module
 */
import type { Measurements } from "./figures.ts";
import type { WarmResults } from "./warm.ts";

/** What is measured in one go, such as all peers with one network. */
export interface Unit extends Measurements, Pick<WarmResults, "agreements" | "versions" | "leftOut"> {}

/** Nothing measured. */
export const emptyUnit: Unit = {
  warm: [],
  cold: [],
  batches: [],
  memory: [],
  agreements: [],
  versions: {},
  leftOut: [],
};

/** All of several. */
export function joinUnits(units: readonly Unit[]): Unit {
  return {
    warm: units.flatMap(({ warm }) => warm),
    cold: units.flatMap(({ cold }) => cold),
    batches: units.flatMap(({ batches }) => batches),
    memory: units.flatMap(({ memory }) => memory),
    agreements: units.flatMap(({ agreements }) => agreements),
    versions: Object.assign({}, ...units.map(({ versions }) => versions)),
    leftOut: units.flatMap(({ leftOut }) => leftOut),
  };
}

/** What is kept in a file: for which wish, and the units by name. */
interface Kept {
  readonly wish: string;
  readonly units: Record<string, Unit>;
}

/** Measures units, and keeps each in a file as soon as it is done. */
export class KeptUnits {
  readonly #path: string;
  readonly #kept: Kept;

  private constructor(path: string, kept: Kept) {
    this.#path = path;
    this.#kept = kept;
  }

  /**
   * @param path The file.
   * @param wish What is asked for: only what was measured for the same is taken.
   * @param isResumed Whether anything is.
   */
  static async open(path: string, wish: string, isResumed: boolean): Promise<KeptUnits> {
    const text = isResumed ? await Deno.readTextFile(path).catch(() => undefined) : undefined;
    const kept = text === undefined ? undefined : JSON.parse(text) as Kept;
    return new KeptUnits(path, kept?.wish === wish ? kept : { wish, units: {} });
  }

  /** What was measured before; else measure it now. */
  async measure(name: string, run: () => Promise<Partial<Unit>>): Promise<Unit> {
    const known = this.#kept.units[name];
    if (known) return known;
    const unit = { ...emptyUnit, ...await run() };
    this.#kept.units[name] = unit;
    await Deno.writeTextFile(this.#path, JSON.stringify(this.#kept));
    return unit;
  }
}
