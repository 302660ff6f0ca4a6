/**
 * How a model sees pixels is decided from evidence: each piece says which way it speaks for, and what shows it. What a
 * file says outright comes first, then what was measured, then what is merely usual.
 *
 * @module
 */
import { type Preprocessing, preprocessings } from "./preprocess.ts";

/** Where a piece of evidence comes from. */
export type EvidenceSource = "told" | "layers" | "kernel" | "batch-norm" | "name";

/** The same, the weightiest first. */
const sources: readonly EvidenceSource[] = ["told", "layers", "kernel", "batch-norm", "name"];

/** Something that speaks for one way to scale pixels. */
export interface PixelEvidence {
  /**
   * Where it comes from: `"told"`, by an option or a file beside the model; `"layers"`, what the model itself does to
   * its pixels; `"kernel"`, a scaling within the first weights; `"batch-norm"`, what the first one saw in training;
   * `"name"`, the architecture, whose pretrained weights are known.
   */
  readonly source: EvidenceSource;
  /** The way that it speaks for. */
  readonly preprocessing: Preprocessing;
  /** What shows it, in words that go on after "as". */
  readonly because: string;
  /** The way that it speaks for next. */
  readonly runnerUp?: Preprocessing | undefined;
  /** How many times nearer the way is than the next; infinite where there is no other. */
  readonly margin: number;
  /** Whether it may be relied upon without a word of warning. */
  readonly isSure: boolean;
  /** Whether it tells of weights that were taken over alone, and not of how the model was trained further. */
  readonly isTakenOver?: boolean;
}

/** What an option or a file beside the model says outright. */
export function toldBy(from: string, preprocessing: Preprocessing): PixelEvidence {
  return { source: "told", preprocessing, because: `${from} says`, margin: Infinity, isSure: true };
}

/** How a model's pixels are scaled, and why. */
export interface PixelChoice {
  /** The way. */
  readonly preprocessing: Preprocessing;
  /** What it is and what shows it, for people; empty where nothing had to be found out. */
  readonly note: string;
  /** What to tell people where it may be wrong; empty where it may not. */
  readonly warning: string;
}

/** What each of the usual ways makes of pixels. */
const ranges: Readonly<Record<string, string>> = {
  tf: "−1 … 1",
  unit: "0 … 1",
  caffe: "blue, green, red less ImageNet's mean",
  torch: "ImageNet's mean and deviation",
  none: "0 … 255",
};

/** What a way to scale pixels makes of them, in words. */
export function describeScaling(preprocessing: Preprocessing): string {
  if (preprocessing.name === "centred") return "−0.5 … 0.5";
  const usual = Object.values(preprocessings).find((one) =>
    scalesAlike(one, { ...preprocessing, channels: one.channels ?? "rgb" })
  );
  const { mean, std, channels = "rgb" } = preprocessing;
  const range = usual ? ranges[usual.name]! : `(v − [${mean.join(", ")}]) / [${std.join(", ")}]`;
  return channels === "bgr" && usual?.name !== "caffe" ? `${range}, blue first` : range;
}

/** Whether two ways give the same numbers. */
export function scalesAlike(a: Preprocessing, b: Preprocessing): boolean {
  const same = (a: readonly number[], b: readonly number[]) =>
    [0, 1, 2].every((channel) => (a[channel] ?? a[0]) === (b[channel] ?? b[0]));
  return same(a.mean, b.mean) && same(a.std, b.std) && (a.channels ?? "rgb") === (b.channels ?? "rgb");
}

const advice = 'if it was trained otherwise, set the option "preprocess"';

/** A choice that is only likely. */
function doubt(preprocessing: Preprocessing, why: string): PixelChoice {
  const way = describeScaling(preprocessing);
  const warning = `The model does not say how it sees pixels: they are scaled to ${way}${why}; ${advice}`;
  return { preprocessing, note: "", warning };
}

/** Of two pieces that speak for the same numbers the one that also says how photos are fitted. */
function withFit(chosen: Preprocessing, evidence: readonly PixelEvidence[]): Preprocessing {
  const fitted = evidence.find(({ preprocessing }) =>
    preprocessing.fit && scalesAlike(preprocessing, chosen)
  );
  return chosen.fit ? chosen : fitted?.preprocessing ?? chosen;
}

/** What is said against a choice, to stand behind it. */
function otherwise(chosen: PixelEvidence, named: PixelEvidence | undefined): string {
  if (!named || named === chosen || scalesAlike(named.preprocessing, chosen.preprocessing)) return "";
  return `, though ${named.because} (${describeScaling(named.preprocessing)})`;
}

/** What a piece says, with the next best way. */
function statement({ because, runnerUp, margin }: PixelEvidence): string {
  if (!runnerUp || !Number.isFinite(margin)) return `, as ${because}`;
  if (margin <= 1) return `, as ${because}, or to ${describeScaling(runnerUp)}`;
  return `, as ${because}: ${timesText(margin)} nearer than ${describeScaling(runnerUp)}`;
}

/** How many times, as people say it. */
export function timesText(times: number): string {
  return times > 1000 ? "over 1,000 times" : `${times >= 10 ? Math.round(times) : times.toFixed(1)} times`;
}

/**
 * Choose how pixels are scaled.
 *
 * @param evidence What is known, in any order.
 * @param dtype The type of the model's input: whole numbers can only be 0 … 255.
 */
export function choosePreprocessing(evidence: readonly PixelEvidence[], dtype?: string): PixelChoice {
  const order = sources.flatMap((source) => evidence.filter((piece) => piece.source === source));
  const named = order.find(({ source }) => source === "name");
  const [best] = order;
  if (best?.source === "told" || best?.source === "layers") {
    return { preprocessing: best.preprocessing, note: "", warning: "" };
  }
  if (!best && dtype === "int32") return { preprocessing: preprocessings.none, note: "", warning: "" };
  if (!best) return doubt(preprocessings.unit, "");
  // What is measured but in doubt gives way to what the architecture was pretrained with, where it is among the likely.
  const isLikely = named && best.runnerUp && scalesAlike(named.preprocessing, best.runnerUp);
  const chosen = !best.isSure && isLikely ? named : best;
  const agrees = named && chosen !== named && scalesAlike(named.preprocessing, chosen.preprocessing);
  const isBacked = agrees && (named.isSure || (chosen.source === "batch-norm" && !chosen.isTakenOver));
  const preprocessing = withFit(chosen.preprocessing, order);
  if (chosen.isSure || isBacked) {
    const note = `Pixels are scaled to ${describeScaling(preprocessing)}${statement(chosen)}${
      otherwise(chosen, named)
    }`;
    return { preprocessing, note, warning: "" };
  }
  return doubt(preprocessing, `${statement(chosen)}${otherwise(chosen, chosen === named ? best : named)}`);
}
