/**
 * What the server answers with, as far as the page reads it.
 *
 * @module
 */
import type { MapScale } from "../../../../base/scaling.ts";
import type { Trouble } from "../server/trouble.ts";

/** A map as it is in JSON, row by row. */
export interface PlainMap {
  readonly height: number;
  readonly width: number;
  readonly data: readonly number[];
}

/** A class and its score. */
export interface PlainScore {
  readonly classIndex: number;
  readonly label: string | null;
  readonly score: number;
  readonly probability?: number | undefined;
}

/** The map of one class. */
export interface PlainClassMap extends PlainScore {
  readonly relu: boolean;
  readonly scale: MapScale;
  /** What was explained, where it is more than the class's score. */
  readonly target?: string | undefined;
  readonly heatmap: PlainMap;
  readonly raw: PlainMap;
  readonly diagnosis: string;
  readonly advice: string;
}

/** Where on the photo the model looked, in the photo's pixels. */
export interface PlainPlacement {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An explanation in JSON, with the one map that is shown. */
export interface PlainExplanation {
  readonly photoName: string | null;
  readonly modelName: string | null;
  readonly method: string;
  readonly layer: string;
  readonly unit: string | null;
  readonly probabilities: boolean;
  readonly scoreKind: string;
  readonly relu: boolean;
  readonly maps: readonly PlainClassMap[];
  readonly scores: readonly PlainScore[];
  readonly backend: { readonly name: string; readonly threads?: number };
  readonly times: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly photo: { readonly height: number; readonly width: number } | null;
  readonly placement: PlainPlacement | null;
}

/** How far the answer to a wish has come. */
export type Answer =
  /** The photo is on its way: 0 to 1 of it. */
  | { readonly kind: "sending"; readonly share: number }
  /** The server is at work. */
  | { readonly kind: "looking" }
  /** The server has no place, and is asked again in so many seconds. */
  | { readonly kind: "busy"; readonly seconds: number }
  | { readonly kind: "done"; readonly explanation: PlainExplanation }
  | { readonly kind: "failed"; readonly trouble: Trouble };
