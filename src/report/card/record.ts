import type { ClassScore } from "../../explain/classes.ts";
import type { TrustEvidence } from "./evidence.ts";
import type { CardFinding } from "./finding.ts";
import type { Verdict } from "./verdict.ts";

/** How a card came about, so that it can be made again. */
export interface CardOrigin {
  /** The name of the photo's file, where it is known. */
  readonly photo: string | undefined;
  /** Likewise the model's. */
  readonly model: string | undefined;
  /** SHA-256 of the model's file, in hexadecimal; `undefined` for a model that the caller holds. */
  readonly modelHash: string | undefined;
  /** The layer's path. */
  readonly layer: string;
  /** The method's name. */
  readonly method: string;
  /** Its name in print. */
  readonly methodTitle: string;
  /** Which score is explained: the model's own output, or its logit. */
  readonly score: string;
  /** The backend that computed. */
  readonly backend: string;
  /** Versions of what took part, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Where random numbers began. */
  readonly seed: number;
  /** When it was made. */
  readonly date: string;
}

/** All that a card says, but for its pictures; it can be written as JSON. */
export interface TrustCardRecord {
  /** The class that is explained, its name where it is known, and its score. */
  readonly explained: ClassScore;
  /** The classes with the highest scores, best first. */
  readonly scores: readonly ClassScore[];
  /** What it comes to. */
  readonly verdict: Verdict;
  /** What was tried, and what came of it. */
  readonly findings: readonly CardFinding[];
  /** The numbers behind it. */
  readonly evidence: TrustEvidence;
  /** What no card can say. */
  readonly limits: string;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** How it came about. */
  readonly origin: CardOrigin;
}
