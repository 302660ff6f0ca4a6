import { checks } from "./checks.ts";
import type { TrustEvidence } from "./evidence.ts";
import type { CardFinding, CheckName, Outcome } from "./finding.ts";

/** What a card comes to. */
export type VerdictName = "usable" | "careful" | "unproven" | "unusable";

/** A verdict, and why. */
export interface Verdict {
  /** Its name. */
  readonly name: VerdictName;
  /** A few words, such as `"Do not use this map"`. */
  readonly title: string;
  /** A sentence: what follows, and from what. */
  readonly text: string;
}

/** A verdict and when it is reached. */
interface VerdictRule {
  readonly name: VerdictName;
  readonly title: string;
  /** What follows from it, before the reasons. */
  readonly lead: string;
  /** The outcomes that are its reasons. */
  readonly reasons: readonly Outcome[];
  applies(outcomeOf: (check: CheckName) => Outcome, outcomes: readonly Outcome[]): boolean;
}

/** What each check shows in a few words, for the sentence of the verdict. */
const shows: Readonly<Record<CheckName, Readonly<Record<Outcome, string>>>> = {
  diagnosis: {
    good: "",
    doubtful: "the map itself is doubtful",
    bad: "there is nothing in it to read",
    unknown: "the map was not looked at",
  },
  deletion: {
    good: "hiding what it marks lowers the score much sooner than hiding random places",
    doubtful: "hiding what it marks lowers the score only a little sooner than hiding random places",
    bad: "hiding what it marks does no more than hiding random places",
    unknown: "hiding what it marks could not be tried",
  },
  insertion: {
    good: "showing only that brings it back much sooner",
    doubtful: "showing what it marks brings the score back only a little sooner than showing random places",
    bad: "showing what it marks does no more than showing random places",
    unknown: "showing what it marks could not be tried",
  },
  shift: {
    good: "it stays when the photo is shifted",
    doubtful: "it changes somewhat when the photo is shifted",
    bad: "it becomes another when the photo is shifted a little",
    unknown: "a shifted photo could not be tried",
  },
  jpeg: {
    good: "it stays when the photo is compressed",
    doubtful: "it changes somewhat when the photo is compressed",
    bad: "it becomes another when the photo is compressed",
    unknown: "a compressed photo could not be tried",
  },
  randomisation: {
    good: "it depends on what the network has learned",
    doubtful: "a network that has learned nothing gives a map that is somewhat like it",
    bad: "a network that has learned nothing gives nearly the same map",
    unknown: "a network with random weights could not be tried",
  },
};

/** The first that applies is the verdict. */
const rules: readonly VerdictRule[] = [
  {
    name: "unusable",
    title: "Do not use this map",
    lead: "It does not show where the network looked",
    reasons: ["bad"],
    applies: (of) =>
      of("diagnosis") === "bad" || of("randomisation") === "bad" ||
      of("deletion") === "bad" && of("insertion") === "bad",
  },
  {
    name: "careful",
    title: "Use this map with care",
    lead: "It shows in part where the network looked, but do not rely on it alone",
    reasons: ["bad", "doubtful"],
    applies: (_, outcomes) => outcomes.some((outcome) => outcome === "bad" || outcome === "doubtful"),
  },
  {
    name: "unproven",
    title: "Nothing speaks against this map, but too little for it",
    lead: "Not all that matters could be tried",
    reasons: ["unknown"],
    applies: (of) =>
      (["deletion", "insertion", "randomisation"] as const).some((check) => of(check) === "unknown"),
  },
  {
    name: "usable",
    title: "This map can be used to see where the network looked",
    lead: "",
    reasons: ["good"],
    applies: () => true,
  },
];

/** Several things in a row, as a sentence lists them. */
function joined(things: readonly string[]): string {
  return things.length < 2 ? things.join("") : `${things.slice(0, -1).join(", ")}, and ${things.at(-1)}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** What the checks find. */
export function findingsOf(evidence: TrustEvidence): CardFinding[] {
  return checks.map(({ name, title, look }) => ({ check: name, title, ...look(evidence) }));
}

/** What follows from what was found: from the evidence to one of four verdicts, and the reasons. */
export function judgeMap(findings: readonly CardFinding[]): Verdict {
  const outcomeOf = (check: CheckName) =>
    findings.find((finding) => finding.check === check)?.outcome ?? "unknown";
  const outcomes = findings.map(({ outcome }) => outcome);
  const { name, title, lead, reasons } = rules.find(({ applies }) => applies(outcomeOf, outcomes))!;
  const why = joined(
    findings.filter(({ outcome }) => reasons.includes(outcome))
      .map(({ check, outcome }) => shows[check][outcome]).filter((text) => text !== ""),
  );
  return { name, title, text: sentence(lead === "" ? why : `${lead}: ${why}`) };
}

/** What no card can say, for every reader. */
export const limits =
  "The card tells whether the map follows the network, for this photo and this class alone. It does not tell whether " +
  "the network is right, or looked there for a good reason.";
