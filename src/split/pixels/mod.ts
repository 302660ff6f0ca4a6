/**
 * What tells how a model sees pixels. The searches are loaded where they are needed.
 *
 * @module
 */
import { choosePreprocessing, type PixelEvidence, toldBy } from "../../input/evidence.ts";
import type { Preprocessing } from "../../input/preprocess.ts";
import type { EvidenceOptions, ModelRecord } from "../model.ts";
import type { SeenModel } from "./seen_model.ts";

/** Look for all that tells so. */
async function search(model: SeenModel, options: EvidenceOptions): Promise<PixelEvidence[]> {
  const { findEvidence } = await import("./find_evidence.ts");
  return await findEvidence(model, options);
}

/** Finds out once how a model sees pixels. */
export class PixelReader {
  readonly #model: () => SeenModel;
  readonly #told: readonly PixelEvidence[];
  #found: Promise<readonly PixelEvidence[]> | undefined;
  #known: Preprocessing | undefined;

  /**
   * @param model The model, looked at when that is needed.
   * @param record What is known of it.
   */
  constructor(
    model: () => SeenModel,
    { preprocessing, preprocessingFrom }: Pick<ModelRecord, "preprocessing" | "preprocessingFrom">,
  ) {
    this.#model = model;
    this.#told = preprocessing ? [toldBy(preprocessingFrom ?? "whoever opened it", preprocessing)] : [];
    this.#known = preprocessing;
  }

  /** How the model sees pixels, where that is told or was found out for sure. */
  get preprocessing(): Preprocessing | undefined {
    return this.#known;
  }

  /** What tells so. */
  async evidence({ all = false }: EvidenceOptions = {}): Promise<readonly PixelEvidence[]> {
    if (all) return [...this.#told, ...await search(this.#model(), { all })];
    if (this.#told.length > 0) return this.#told;
    this.#found ??= search(this.#model(), { all });
    const found = await this.#found;
    const { preprocessing, warning } = choosePreprocessing(found);
    if (warning === "") this.#known ??= preprocessing;
    return found;
  }
}
