import { valuesOfHidden } from "./hide.ts";
import { isSilent, withoutEvidence } from "./mass.ts";
import type { Measurement } from "./metric.ts";
import type { Subject } from "./subject.ts";

/** The score of the photo, and that of what the map leaves of it. */
export interface MaskedScore {
  readonly whole: number;
  readonly masked: number;
}

/** The score of the photo seen through the map: what does not speak for the class is hidden as much as it does not. */
async function maskedScore(subject: Subject): Promise<MaskedScore> {
  const { evidence, settings: { baseline = "black" } } = subject;
  const [masked] = await valuesOfHidden(subject, baseline, 1, (_, into) => into.set(evidence.data));
  return { whole: await subject.value(), masked: masked! };
}

/**
 * A number made of the score of the photo and of that of what the map leaves of it, which the metrics of a map share.
 *
 * @param use Makes it; `undefined` where the scores have none.
 */
export async function compareMasked(
  subject: Subject,
  use: (scores: MaskedScore) => Measurement,
): Promise<Measurement> {
  if (isSilent(subject)) return { value: undefined, why: withoutEvidence };
  const name = `masked ${subject.settings.baseline}`;
  return use(await subject.once(name, () => maskedScore(subject)));
}
