import * as tf from "../../base/tfjs.ts";
import { ModelError } from "../../base/errors.ts";
import { listQuoted, quote } from "../../base/quote.ts";
import type { ExplainableModel, ModelRecord } from "../../split/model.ts";
import { type ModelFolder, sourceOf } from "../model_folder.ts";
import { readMetadataProps } from "../conventions/metadata_props.ts";
import { Constants } from "./constants.ts";
import { Damage, damaged } from "./damaged.ts";
import { type ExternalData, openExternalData } from "./external_data.ts";
import { inlineFunctions } from "./inline.ts";
import { describeTriedSize } from "./inputs.ts";
import { type ModelProto, readModel } from "./model_proto.ts";
import { OnnxModel } from "./onnx_model.ts";
import { WindowedBytes } from "./protobuf.ts";
import { translateModel } from "./translate_model.ts";
import { Weights } from "./weights.ts";

/** The oldest version of the format whose initialisers and opsets are as today, and of its operators. */
const oldestVersion = 3, oldestOpset = 7;

/** What a model is built of. */
interface OpenedFile {
  readonly model: ModelProto;
  readonly external: ExternalData;
  readonly record: ModelRecord;
  /** Give back what its numbers are read from: the file, and those beside it. */
  readonly close: () => void;
}

/** A model whose translation failed leaves nothing. What it is read from is held where it takes pictures of any size. */
async function build({ model, external, record, close }: OpenedFile): Promise<ExplainableModel> {
  const weights = new Weights();
  try {
    const graph = {
      graph: model.graph,
      nodes: inlineFunctions(model),
      constants: new Constants(external),
    };
    const parts = translateModel(graph, { weights, sizeOf: () => record.preprocessing?.size });
    const writer = record.writer ?? (model.producer || undefined);
    const notes = [...record.notes ?? [], ...parts.notes];
    const opened = new OnnxModel({ parts, weights, graph, close }, { ...record, writer, notes });
    try {
      await opened.pixelEvidence(); // before weights are folded into others
      await opened.prepare();
    } catch (error) {
      opened.dispose();
      throw error;
    }
    if (parts.sizes.size === 0) close();
    return opened;
  } catch (error) {
    tf.dispose(weights.tensors.filter((tensor) => !tensor.isDisposed));
    throw error;
  }
}

function checkVersion({ irVersion, opsets, functions }: ModelProto): void {
  if (irVersion < oldestVersion) {
    damaged(`it is of version ${irVersion} of ONNX: ${oldestVersion} and up are known`);
  }
  const opset = opsets.get("");
  if (opset !== undefined && opset < oldestOpset) {
    damaged(
      `its operators are of version ${opset}, ${oldestOpset} and up are known: convert it with onnx.version_converter, or export it again`,
    );
  }
  const local = new Set(functions.map(({ domain }) => domain));
  const foreign = [...opsets.keys()].filter((domain) =>
    /^ai\.onnx\.(ml|training|preview)/.test(domain) && !local.has(domain)
  );
  if (opset !== undefined || foreign.length === 0) return;
  damaged(`its operators are of ${listQuoted(foreign)}, which are no networks of pictures`);
}

/**
 * Open an ONNX file.
 *
 * @throws {ModelError} If it is damaged, or holds what is not known.
 */
export async function openOnnx(folder: ModelFolder, record: ModelRecord): Promise<ExplainableModel> {
  const source = sourceOf(folder);
  let external: ExternalData | undefined, hint = "", isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    source.close();
    external?.close();
  };
  try {
    const model = readModel(new WindowedBytes(source));
    checkVersion(model);
    hint = describeTriedSize(model.graph, record.preprocessing?.size);
    external = await openExternalData(model, folder);
    const noted = readMetadataProps(Object.fromEntries(model.metadata), folder.name);
    return await build({ model, external, record: { ...noted, ...record }, close });
  } catch (error) {
    close();
    if (error instanceof Damage) {
      const why = /cannot be computed|\bfit\b/.test(error.message) ? error.message + hint : error.message;
      throw new ModelError(`Cannot open model ${quote(folder.name)}: ${why}`);
    }
    throw error;
  }
}
