import type { Diagnosis } from "../../explain/diagnosis.ts";
import type { Compared, Single } from "./evidence.ts";
import type { CardFinding, Check, Outcome } from "./finding.ts";

type Found = Pick<CardFinding, "outcome" | "text">;

/** By how much of the photo's score a map must be better than a random one, to be called better, and to be called much better. */
const better = 0.02;
const muchBetter = 0.1;
/** How like the maps of ever more random networks are, in the mean, that hardly changes, and that changes in part. */
const kept = 0.6;
const partlyKept = 0.4;
/** How like two maps are that are called the same, and such that are called nearly so: their rank correlation. */
const same = 0.8;
const nearlySame = 0.5;

/** What is wrong with a map itself, in words; what of them is no reason against it is only doubtful. */
const faults: Readonly<Record<Exclude<Diagnosis, "ok">, readonly [Outcome, string]>> = {
  flat: ["bad", "The map is the same everywhere, so its colours mean nothing."],
  "all-negative": ["bad", "All of the map speaks against this class: it marks what speaks against it least."],
  saturated: ["bad", "The network is so sure of its answer that nothing is left to make a map of."],
  disconnected: ["bad", "The answer does not depend on the part of the network that the map is of."],
  "non-finite": ["bad", "The map holds values that are no numbers."],
};

function unknown(what: string, why: string | undefined): Found {
  return {
    outcome: "unknown",
    text: why === undefined ? `${what} could not be measured.` : `${what} could not be measured. ${why}.`,
  };
}

function plain(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** How like two maps are: their rank correlation. */
function likenessText(value: number): string {
  return `(likeness ${plain(value)}, where 1 is the same)`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The mean score in words, beside that with random maps: in parts of the photo's, where that is a score from 0 on. */
function meanScore({ value, random, whole }: Compared, verb: string): string {
  if (whole !== undefined && whole > 0 && value! >= 0 && random! >= 0) {
    return `on average ${percent(value! / whole)} of it is ${verb}, against ${percent(random! / whole)}`;
  }
  return `on average it is ${plain(value!)}, against ${plain(random!)}`;
}

/** How much better a map is than a random one, as a part of the photo's score. */
function gain({ value, random, whole }: Compared, sign: 1 | -1): number {
  return sign * (value! - random!) / Math.max(Math.abs(whole ?? 1), 1e-12);
}

function compare(
  compared: Compared,
  sign: 1 | -1,
  say: { readonly what: string; readonly verb: string; text(outcome: Outcome): string },
): Found {
  if (compared.value === undefined || compared.random === undefined) return unknown(say.what, compared.why);
  const gained = gain(compared, sign);
  const outcome = gained >= muchBetter ? "good" : gained >= better ? "doubtful" : "bad";
  return { outcome, text: `${say.text(outcome)}: ${meanScore(compared, say.verb)}.` };
}

/** How much sooner than with a random map, in words. */
const pace: Readonly<Record<Outcome, string>> = {
  good: "much sooner than",
  doubtful: "a little sooner than",
  bad: "no sooner than",
  unknown: "",
};

function stays(single: Single, what: string, when: string): Found {
  const { value, why } = single;
  if (value === undefined) return unknown(what, why);
  const outcome = value >= same ? "good" : value >= nearlySame ? "doubtful" : "bad";
  const words = { good: "stays the same", doubtful: "changes somewhat", bad: "becomes another", unknown: "" };
  return { outcome, text: `The map ${words[outcome]} when ${when} ${likenessText(value)}.` };
}

/** All checks, in the order of the card. */
export const checks: readonly Check[] = Object.freeze([
  {
    name: "diagnosis",
    title: "The map itself",
    look({ diagnosis, advice }) {
      if (diagnosis === "ok") {
        return { outcome: "good", text: "It differs from place to place and speaks for the class." };
      }
      const [outcome, text] = faults[diagnosis];
      return { outcome, text: advice === "" ? text : `${text} ${advice}.` };
    },
  },
  {
    name: "deletion",
    title: "Hiding what it marks",
    look: ({ deletion }) =>
      compare(deletion, -1, {
        what: "What happens when the marked places are hidden",
        verb: "left",
        text: (outcome) => `Hiding what the map marks lowers the score ${pace[outcome]} hiding random places`,
      }),
  },
  {
    name: "insertion",
    title: "Showing only what it marks",
    look: ({ insertion }) =>
      compare(insertion, 1, {
        what: "What happens when only the marked places are shown",
        verb: "there",
        text: (outcome) =>
          `Showing what the map marks brings the score back ${pace[outcome]} showing random places`,
      }),
  },
  {
    name: "shift",
    title: "A shifted photo",
    look: ({ shift }) => stays(shift, "The map of the shifted photo", "the photo is shifted by a few pixels"),
  },
  {
    name: "jpeg",
    title: "A compressed photo",
    look: ({ jpeg }) => stays(jpeg, "The map of the compressed photo", "the photo is saved as a JPEG"),
  },
  {
    name: "randomisation",
    title: "A network that has learned nothing",
    look({ randomisation: { value, why } }) {
      if (value === undefined) return unknown("The map of a network with random weights", why);
      const likeness = likenessText(value);
      const change = "While random weights take the place of the network's own, layer by layer, the map";
      if (value < partlyKept) {
        return {
          outcome: "good",
          text: `${change} becomes another ${likeness}: it shows what the network has learned.`,
        };
      }
      if (value < kept) {
        return {
          outcome: "doubtful",
          text: `${change} changes only in part ${likeness}: some of it shows the photo, such as its edges.`,
        };
      }
      return {
        outcome: "bad",
        text:
          `${change} hardly changes ${likeness}: it shows the photo, such as its edges, more than what the network ` +
          `has learned.`,
      };
    },
  },
]);
