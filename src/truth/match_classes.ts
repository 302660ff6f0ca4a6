import { cut } from "../base/quote.ts";
import type { FoundObject } from "./truth_format.ts";

/** Which class of a model a name of a truth file is. */
export type ClassMatch =
  | { readonly kind: "found"; readonly classIndex: number }
  | { readonly kind: "ambiguous"; readonly classes: readonly number[] }
  | { readonly kind: "unknown" };

/** How many classes models of ImageNet have; some have one before them that stands for none. */
const imagenetClasses = 1000;

/** A name without what files write differently: capitals, and what stands between its words. */
function plain(name: string): string {
  return name.normalize("NFKC").toLowerCase().replaceAll(/[\s_\-.]+/gu, " ").trim();
}

/** The names in a label of several: `"tabby, tabby cat"`. */
function synonymsOf(label: string): string[] {
  return label.split(",").map(plain).filter((name) => name !== "");
}

/** The classes that bear each name, by one way to read labels. */
function indexBy(labels: readonly string[], namesOf: (label: string) => readonly string[]) {
  const index = new Map<string, number[]>();
  labels.forEach((label, at) => {
    for (const name of new Set(namesOf(label))) index.set(name, [...index.get(name) ?? [], at]);
  });
  return index;
}

/** Finds which class of a model a truth file means. */
export class ClassMatcher {
  readonly #ways: readonly ((name: string) => readonly number[] | undefined)[];
  readonly #classes: number;
  readonly #told: ReadonlyMap<string, string | number>;

  /**
   * @param labels The names of the model's classes, where they are known.
   * @param classes How many classes it has.
   * @param told What names of the truth file are called in the model, or their index there.
   */
  constructor(
    labels: readonly string[] | undefined,
    classes: number,
    told: Readonly<Record<string, string | number>> = {},
  ) {
    const [exact, whole, parts] = [
      indexBy(labels ?? [], (label) => [label]),
      indexBy(labels ?? [], (label) => [plain(label)]),
      indexBy(labels ?? [], synonymsOf),
    ];
    this.#ways = [
      (name) => exact.get(name),
      (name) => whole.get(plain(name)),
      (name) => parts.get(plain(name)),
    ];
    this.#classes = classes;
    this.#told = new Map(Object.entries(told));
  }

  /** The class of a name: as it stands there, else but for capitals and separators, else as one of a label's synonyms. */
  match(name: string): ClassMatch {
    const told = this.#told.get(name);
    if (typeof told === "number") return this.#at(told);
    const wanted = told ?? name;
    const found = this.#ways.map((way) => way(wanted)).find((classes) => classes !== undefined);
    if (!found) return { kind: "unknown" };
    return found.length === 1 ? this.#at(found[0]!) : { kind: "ambiguous", classes: found };
  }

  /** The class of an object: its index where the file has one, else that of its name; `undefined` where it has neither. */
  classOf({ label, classIndex, imagenet }: FoundObject): ClassMatch | undefined {
    if (classIndex !== undefined) return this.#at(classIndex);
    if (imagenet !== undefined && this.#classes === imagenetClasses) return this.#at(imagenet);
    if (imagenet !== undefined && this.#classes === imagenetClasses + 1) return this.#at(imagenet + 1);
    return label === undefined ? undefined : this.match(label);
  }

  #at(classIndex: number): ClassMatch {
    const isThere = Number.isInteger(classIndex) && classIndex >= 0 && classIndex < this.#classes;
    return isThere ? { kind: "found", classIndex } : { kind: "unknown" };
  }
}

/** How a name with several classes is listed: `crane (134, 517)`. */
export function describeAmbiguous(name: string, classes: readonly number[]): string {
  const some = classes.slice(0, 4).join(", ");
  return `${cut(name)} (${some}${classes.length > 4 ? " …" : ""})`;
}
