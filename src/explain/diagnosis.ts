import type { FinalActivation, ScoreKind } from "../split/model.ts";

/** Whether a map means anything, and if not, why. */
export type Diagnosis = "ok" | "flat" | "all-negative" | "saturated" | "disconnected" | "non-finite";

/** What is known of a map when it is judged. */
export interface MapState {
  /** The map before it was scaled. */
  readonly raw: Float32Array;
  /** The model's output for all classes. */
  readonly scores: Float32Array;
  /** The class whose map it is. */
  readonly classIndex: number;
  /** Whether the model's input holds nothing but numbers; activations such as relu6 hide what does not. */
  readonly isInputFinite: boolean;
  /** Whether the gradient is zero everywhere. */
  readonly gradientVanishes: boolean;
  /** Whether the score depends on the layer at all. */
  readonly connected: boolean;
  /** Whether the layers give tokens. */
  readonly ofTokens?: boolean | undefined;
  /** Which score was differentiated. */
  readonly scoreKind: ScoreKind;
  /** What ends the model. */
  readonly finalActivation: FinalActivation | undefined;
  /** Whether negative values were cut off. */
  readonly relu: boolean;
  /** Whether the negative of the score was explained. */
  readonly counterfactual?: boolean | undefined;
}

/** A judgement and what to do about it. */
export interface Judgement {
  /** Whether the map means anything. */
  readonly diagnosis: Diagnosis;
  /** What to do about it; empty if all is well. */
  readonly advice: string;
}

/** Something that can be wrong with a map. */
interface Rule {
  readonly diagnosis: Diagnosis;
  applies(state: MapState, range: Range): boolean;
  advise(state: MapState): string;
}

/** The smallest and the largest value of a map. */
interface Range {
  readonly min: number;
  readonly max: number;
}

/** How near to 0 or 1 a score is when no gradient is left of it. */
const sure = 1e-5;

/** Below this the range of a map is eaten by eps or by rounding. */
const smallestRange = 1e-7;

/** Whether the model is so sure of the class, or of another, that its final activation passes no gradient. */
function isSaturated({ scores, classIndex, scoreKind, finalActivation }: MapState): boolean {
  const score = scores[classIndex]!;
  return scoreKind === "output" && finalActivation !== undefined && (score < sure || score > 1 - sure);
}

/** What to know of a model that ends in a softmax over one unit. */
export const soleSoftmaxWarning =
  "The model ends in a softmax over one unit, whose score is 1 whatever the picture shows: it was probably meant to " +
  "end in a sigmoid";

/** Whether a model ends in a softmax over one unit. */
export function isSoleSoftmax(
  { finalActivation, scores }: Pick<MapState, "finalActivation"> & {
    readonly scores: { readonly length: number };
  },
): boolean {
  return finalActivation === "softmax" && scores.length === 1;
}

/** What can be wrong, the worst first. */
const rules: readonly Rule[] = [
  {
    diagnosis: "non-finite",
    applies: ({ raw, scores, classIndex, isInputFinite }) =>
      !isInputFinite || !Number.isFinite(scores[classIndex]) || raw.some((value) => !Number.isFinite(value)),
    advise({ scores, classIndex, isInputFinite }) {
      if (!isInputFinite) {
        return "The image holds values that are no numbers, so the map means nothing: look at how it was made";
      }
      return Number.isFinite(scores[classIndex])
        ? "The map holds values that are no numbers: check the model's weights and the input's range"
        : "The score is no number: the model's weights are damaged or their files in the wrong order";
    },
  },
  {
    diagnosis: "disconnected",
    applies: ({ connected }) => !connected,
    advise: () => "The score does not depend on this layer: choose a layer that leads to this output",
  },
  {
    diagnosis: "saturated",
    applies: (state) => isSoleSoftmax(state) && state.scoreKind === "output" && state.gradientVanishes,
    advise: () => "The score of a softmax over one unit is always 1, so no part of a picture speaks for it",
  },
  {
    diagnosis: "saturated",
    applies: (state, { min, max }) =>
      isSaturated(state) && (state.gradientVanishes || max - min < smallestRange),
    advise: ({ scores, classIndex }) =>
      `The score is ${scores[classIndex]! > 0.5 ? 1 : 0} within rounding, so its gradient vanishes: ` +
      'use the score "logit"',
  },
  {
    diagnosis: "flat",
    applies: ({ gradientVanishes }, { min, max }) =>
      gradientVanishes || max - min <= Math.max(Math.abs(min), Math.abs(max)) * 1e-6,
    advise: ({ ofTokens, gradientVanishes }) =>
      ofTokens && gradientVanishes
        ? "The score does not depend on the patches here, as behind the last attention, where the class token alone " +
          "counts: try an earlier layer, such as what goes into the last block"
        : "The map is the same everywhere, so its colours mean nothing: try an earlier layer or another class",
  },
  {
    diagnosis: "all-negative",
    applies: (_state, { max }) => max <= 0,
    advise({ relu, counterfactual }) {
      const side = counterfactual ? "for" : "against";
      return relu
        ? `All of the map speaks ${side} this class, so nothing is left of it after relu: look at it without relu`
        : `All of the map speaks ${side} this class: its maximum is only where it speaks ${side} it least`;
    },
  },
];

/**
 * Judge a map.
 *
 * @param state What is known of it.
 */
export function diagnose(state: MapState): Judgement {
  let [min, max] = [Infinity, -Infinity];
  for (const value of state.raw) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const rule = rules.find(({ applies }) => applies(state, { min, max }));
  return rule ? { diagnosis: rule.diagnosis, advice: rule.advise(state) } : { diagnosis: "ok", advice: "" };
}
