import { isChannelCount, type TensorInfo } from "../../base/tensor_info.ts";
import type { PixelEvidence } from "../../input/evidence.ts";
import type { EvidenceOptions } from "../model.ts";
import { architectureEvidence } from "./architectures.ts";
import { batchNormEvidence } from "./batch_norm.ts";
import { firstKernelEvidence } from "./first_kernel.ts";
import { ownScalingEvidence } from "./own_scaling.ts";
import type { SeenModel } from "./seen_model.ts";
import type { PictureWay } from "./stem.ts";

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

/**
 * Look for what tells how a model sees pixels.
 *
 * @param model The model; what is found for the first of its pictures holds for all.
 * @param options How far to look.
 */
export async function findEvidence(
  { graph, inputs, outputs, paths, nameOf }: SeenModel,
  options: EvidenceOptions,
): Promise<PixelEvidence[]> {
  const named = architectureEvidence(paths, outputs[0]?.shape.at(-1) ?? undefined);
  const names = named ? [named] : [];
  for (const [index, info] of inputs.entries()) {
    if (!takesPicture(info)) continue;
    const way: PictureWay = { graph, picture: graph.inputs[index]!, ...(nameOf && { nameOf }) };
    const found = await evidenceAt({ ...options, ...way, info });
    if (found.length > 0) return [...found, ...names];
  }
  return names;
}
