import * as tf from "../../base/tfjs.ts";
import { ModelError } from "../../base/errors.ts";
import { listQuoted, quote } from "../../base/quote.ts";
import type { TensorInfo } from "../../base/tensor_info.ts";
import type { ExplainableModel, ModelRecord } from "../../split/model.ts";
import { type ModelFolder, sourceOf } from "../model_folder.ts";
import { readMetadataProps } from "../conventions/metadata_props.ts";
import { Damage, damaged } from "./damaged.ts";
import { type ExternalData, openExternalData } from "./external_data.ts";
import { inlineFunctions } from "./inline.ts";
import { describeTriedSize, openInputs, type PictureSize } from "./inputs.ts";
import { listLayers } from "./layer_list.ts";
import { inOrder, storedShape } from "./layout.ts";
import { type ModelProto, readModel } from "./model_proto.ts";
import { OnnxModel, type OnnxParts } from "./onnx_model.ts";
import { WindowedBytes } from "./protobuf.ts";
import { Translation } from "./translation.ts";
import type { Live } from "./value.ts";

/** The oldest version of the format whose initialisers and opsets are as today, and of its operators. */
const oldestVersion = 3, oldestOpset = 7;

/** An output as its scores are read: batch first, channels last where it is a picture or a sequence. */
function asOutput(value: Live, translation: Translation): Live {
  const isReadable = value.shape.length > 2 && value.axes[0] === 0;
  return isReadable ? value : translation.stored(value, inOrder(value.shape.length));
}

function infoOf(name: string, value: Live): TensorInfo {
  const [first, ...rest] = storedShape(value);
  return { name, shape: first === undefined ? [] : [first === 1 ? null : first, ...rest] };
}

/** What a model's graph computes. */
function translateModel(model: ModelProto, translation: Translation, size?: PictureSize): OnnxParts {
  const { graph } = model;
  const nodes = inlineFunctions(model);
  if (graph.hasSparse) damaged("it has sparse weights, which are not known");
  translation.defineAll(graph.initializers);
  const inputs = openInputs({ graph, nodes, size });
  for (const { value } of inputs) translation.define(value.id, value);
  const names = graph.outputs.map(({ name }) => name);
  translation.translate(nodes, names);
  const outputs = names.flatMap((name) => {
    const value = translation.valueOf(name);
    return value.kind === "live" ? [{ name, value: asOutput(value, translation) }] : [];
  });
  if (outputs.length === 0) damaged("its outputs do not depend on its inputs");
  const pictures = inputs.filter(({ info }) => info.shape.length === 4);
  return {
    operations: translation.operations,
    inputs: inputs.map(({ info }) => info),
    outputs: outputs.map(({ name, value }) => infoOf(name, value)),
    targets: outputs.map(({ value }) => value.id),
    list: listLayers(
      translation.translated,
      new Map(pictures.map(({ value }) => [value.id, storedShape(value)])),
      names,
      (name) => translation.has(name) ? translation.valueOf(name).shape : undefined,
    ),
    takesSeveral: translation.takesSeveral,
    weights: translation.weights.tensors,
  };
}

/** A model whose translation failed leaves nothing. */
async function build(
  model: ModelProto,
  external: ExternalData,
  record: ModelRecord,
): Promise<ExplainableModel> {
  const translation = new Translation(external);
  try {
    const parts = translateModel(model, translation, record.preprocessing?.size);
    const writer = record.writer ?? (model.producer || undefined);
    const notes = [...record.notes ?? [], ...translation.notes];
    const opened = new OnnxModel(parts, { ...record, writer, notes });
    try {
      await opened.pixelEvidence(); // before weights are folded into others
      await opened.prepare();
    } catch (error) {
      opened.dispose();
      throw error;
    }
    return opened;
  } catch (error) {
    tf.dispose(translation.weights.tensors.filter((tensor) => !tensor.isDisposed));
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
  let external: ExternalData | undefined, hint = "";
  try {
    const model = readModel(new WindowedBytes(source));
    checkVersion(model);
    hint = describeTriedSize(model.graph, record.preprocessing?.size);
    external = await openExternalData(model, folder);
    const noted = readMetadataProps(Object.fromEntries(model.metadata), folder.name);
    return await build(model, external, { ...noted, ...record });
  } catch (error) {
    if (error instanceof Damage) {
      const why = /cannot be computed|\bfit\b/.test(error.message) ? error.message + hint : error.message;
      throw new ModelError(`Cannot open model ${quote(folder.name)}: ${why}`);
    }
    throw error;
  } finally {
    source.close();
    external?.close();
  }
}
