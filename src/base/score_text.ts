/** A class's score, and the probability that it stands for where it is a logit. */
export interface TellingScore {
  /** The model's own output. */
  readonly score: number;
  /** 0 to 1. */
  readonly probability?: number | undefined;
}

/** A score for people: three decimals, and behind a logit the probability that it stands for. */
export function scoreText({ score, probability }: TellingScore): string {
  const text = score.toFixed(3);
  return probability === undefined ? text : `${text} (probability ${probability.toFixed(3)})`;
}
