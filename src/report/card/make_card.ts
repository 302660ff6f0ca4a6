import type { Explanation } from "../../explain/explanation.ts";
import type { ImageInput } from "../../input/image_input.ts";
import { methods } from "../../methods/mod.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { type EvidenceOptions, measureEvidence } from "./measure_evidence.ts";
import { TrustCard } from "./trust_card.ts";
import { findingsOf, judgeMap, limits } from "./verdict.ts";

/** What a card is made with, besides the map. */
export interface CardScope {
  /** The model that the map is of, and what it is called. */
  readonly model: ExplainableModel;
  readonly modelName: string | undefined;
  /** SHA-256 of its file, in hexadecimal. */
  readonly modelHash: string | undefined;
  readonly image: ImageInput;
  /** The layer that was asked for. */
  readonly layer: string | undefined;
  /** What else was. */
  readonly options: EvidenceOptions;
  readonly date: Date;
}

/**
 * Try a map that was made, and make the card of it.
 *
 * @param explanation Its first map counts.
 */
export async function makeCard(explanation: Explanation, scope: CardScope): Promise<TrustCard> {
  const { model, modelName, modelHash, image, layer, options, date } = scope;
  const map = explanation.maps[0]!;
  const evidence = await measureEvidence(model, image, { map, layer, options });
  const findings = findingsOf(evidence);
  const { classIndex, label, score, probability, target, value } = map;
  return new TrustCard({
    explained: target === undefined
      ? { classIndex, label, score, ...(probability !== undefined && { probability }) }
      : { classIndex, label: target, score: value ?? score },
    scores: explanation.scores,
    verdict: judgeMap(findings),
    findings,
    evidence,
    limits,
    warnings: explanation.warnings,
    origin: {
      photo: explanation.photoName,
      model: modelName,
      modelHash,
      layer: explanation.layer,
      method: map.method,
      methodTitle: methods.find(({ name }) => name === map.method)?.title ?? map.method,
      score: explanation.scoreKind,
      backend: explanation.backend.name,
      versions: explanation.versions,
      seed: options.seed,
      date: date.toISOString().replace(/\.\d+Z$/, "Z"),
    },
  }, explanation);
}
