import type { TrustEvidence } from "./evidence.ts";

/** What a check comes to: for the map, not quite, against it, or nothing could be measured. */
export type Outcome = "good" | "doubtful" | "bad" | "unknown";

/** The name of a check. */
export type CheckName = "diagnosis" | "deletion" | "insertion" | "shift" | "jpeg" | "randomisation";

/** What a check found, in words. */
export interface CardFinding {
  /** The check. */
  readonly check: CheckName;
  /** What it is called. */
  readonly title: string;
  /** What it comes to. */
  readonly outcome: Outcome;
  /** A sentence for readers who know the photo and not the method. */
  readonly text: string;
}

/** What is looked at. */
export interface Check {
  readonly name: CheckName;
  readonly title: string;
  look(evidence: TrustEvidence): Pick<CardFinding, "outcome" | "text">;
}
