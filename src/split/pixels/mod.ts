/**
 * What tells how a model sees pixels.
 *
 * @module
 */
import type { TensorInfo } from "../../base/tensor_info.ts";
import { isChannelCount } from "../../base/tensor_info.ts";
import { choosePreprocessing, type PixelEvidence, toldBy } from "../../input/evidence.ts";
import type { Preprocessing } from "../../input/preprocess.ts";
import type { EvidenceOptions, ModelRecord } from "../model.ts";
import type { OperationGraph } from "../split_operations.ts";
import { architectureEvidence } from "./architectures.ts";
import { batchNormEvidence } from "./batch_norm.ts";
import { firstKernelEvidence } from "./first_kernel.ts";
import { ownScalingEvidence } from "./own_scaling.ts";
import type { PictureWay } from "./stem.ts";

/** A model as it is looked at. */
export interface SeenModel {
  /** What it computes, with its weights as they were loaded. */
  readonly graph: OperationGraph;
  /** Its inputs, in the order of the graph's. */
  readonly inputs: readonly TensorInfo[];
  /** Its outputs. */
  readonly outputs: readonly TensorInfo[];
  /** The paths of its layers, or the names of its nodes. */
  readonly paths: readonly string[];
}

/** One way to find out, given what takes the picture. */
type Search = (way: PictureWay, info: TensorInfo) => Promise<PixelEvidence | undefined>;

/** What is measured, in the order in which it decides: what comes later is not looked for once one is sure. */
const searches: readonly Search[] = [ownScalingEvidence, firstKernelEvidence, batchNormEvidence];

function takesPicture({ shape }: TensorInfo): boolean {
  return shape.length === 4 && (shape[3] === null || isChannelCount(shape[3]));
}

/** Which input is looked at, and how far. */
interface Look extends EvidenceOptions, PictureWay {
  readonly info: TensorInfo;
}

/** What a search finds: nothing where what it would run fails, which whoever explains a photo is told of. */
async function look(search: Search, way: PictureWay, info: TensorInfo): Promise<PixelEvidence | undefined> {
  try {
    return await search(way, info);
  } catch {
    return undefined;
  }
}

/** What an input's own way to the first weights tells. */
async function evidenceAt({ info, all = false, ...way }: Look): Promise<PixelEvidence[]> {
  const found: PixelEvidence[] = [];
  for (const search of searches) {
    const piece = await look(search, way, info);
    if (piece) found.push(piece);
    if (piece?.isSure && !all) break;
  }
  return found;
}

/** Look at a model; what is found for the first of its pictures holds for all. */
async function findEvidence(
  { graph, inputs, outputs, paths }: SeenModel,
  options: EvidenceOptions,
): Promise<PixelEvidence[]> {
  const named = architectureEvidence(paths, outputs[0]?.shape.at(-1) ?? undefined);
  const names = named ? [named] : [];
  for (const [index, info] of inputs.entries()) {
    if (!takesPicture(info)) continue;
    const found = await evidenceAt({ ...options, graph, picture: graph.inputs[index]!, info });
    if (found.length > 0) return [...found, ...names];
  }
  return names;
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
    if (all) return [...this.#told, ...await findEvidence(this.#model(), { all })];
    if (this.#told.length > 0) return this.#told;
    this.#found ??= findEvidence(this.#model(), { all });
    const found = await this.#found;
    const { preprocessing, warning } = choosePreprocessing(found);
    if (warning === "") this.#known ??= preprocessing;
    return found;
  }
}
