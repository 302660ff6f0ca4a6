import type { Diagnosis } from "../../explain/diagnosis.ts";
import type { Curve } from "../../metrics/metric.ts";

/** A number of the map beside the same number of a random one. */
export interface Compared {
  /** The map's; `undefined` where it has none, `why` then says so. */
  readonly value: number | undefined;
  /** That of a map of random numbers. */
  readonly random: number | undefined;
  /** Why there is no number. */
  readonly why?: string | undefined;
  /** The score of the photo as it is, which both are parts of. */
  readonly whole: number | undefined;
  /** What the number is the area under. */
  readonly curve?: Curve | undefined;
  /** The mean of the random ones. */
  readonly randomCurve?: Curve | undefined;
}

/** A number of the map alone. */
export interface Single {
  /** `undefined` where there is none, `why` then says so. */
  readonly value: number | undefined;
  /** Why there is none. */
  readonly why?: string | undefined;
  /** What the number is the mean of, where it is of several. */
  readonly curve?: Curve | undefined;
}

/** All that is known of how good a map is. */
export interface TrustEvidence {
  /** What is wrong with the map itself, and what to do about it. */
  readonly diagnosis: Diagnosis;
  /** Empty if all is well. */
  readonly advice: string;
  /** The area under the score while what the map marks is hidden: the lower the better. */
  readonly deletion: Compared;
  /** The area under the score while what the map marks is shown: the higher the better. */
  readonly insertion: Compared;
  /** How like the map is to that of the shifted photo, 1 for the same. */
  readonly shift: Single;
  /** How like it is to that of the photo as a JPEG. */
  readonly jpeg: Single;
  /** How like it is to that of the network with random weights: the lower the better. */
  readonly randomisation: Single;
}
