import { markPictures, takesPhoto } from "../base/tensor_info.ts";
import { findDefaultLayer } from "../split/default_layer.ts";
import { isSinglePixel, isSpatial, whyNoneSpatial } from "../split/layer_choice.ts";
import type { ExplainableModel, LayerInfo } from "../split/model.ts";
import type { Command } from "./command.ts";
import { backendOptions } from "./options/machine.ts";
import { modelOptions } from "./options/model.ts";
import { readBackend } from "./explain_request.ts";
import { inputTexts } from "./input_text.ts";
import type { CliIo } from "./io.ts";
import { modelOf, modelOperand } from "./model_operand.ts";
import { table } from "./table.ts";
import type { Values } from "./values.ts";

/** A layer, and whether a map can be taken at it. */
interface ListedLayer extends LayerInfo {
  /** Whether its output has height, width and channels, and is one picture's. */
  readonly spatial: boolean;
  /** Whether it is taken when none is named. */
  readonly isDefault: boolean;
}

function listLayers(model: ExplainableModel): ListedLayer[] {
  const defaultLayer = findDefaultLayer(model);
  return model.layers.map((layer) => ({
    ...layer,
    spatial: isSpatial(layer),
    isDefault: layer.path === defaultLayer,
  }));
}

function shapeText({ outputShape }: LayerInfo): string {
  return outputShape.slice(1).map((size) => size ?? "?").join(" × ");
}

/** One number where rows and columns have the same. */
function strideText({ stride }: ListedLayer): string {
  const [down, across] = (stride ?? []).map((step) => String(Number(step.toPrecision(3))));
  return down === across ? down ?? "" : `${down} × ${across}`;
}

/** Whether a map can be taken; where the output is tokens, of how many rows and columns. */
function mapText(layer: ListedLayer): string {
  const { spatial, isDefault, tokens } = layer;
  const grid = tokens ? `${tokens.height} × ${tokens.width}` : undefined;
  if (isDefault) return grid ? `default, ${grid}` : "default";
  return spatial ? isSinglePixel(layer) ? "one pixel" : grid ?? "yes" : "";
}

/** A converted graph holds no shapes: it is run once to find them, which is better done on a fast backend. */
async function prepareProbe({ format }: ExplainableModel, values: Values): Promise<void> {
  if (!format.endsWith("-graph")) return;
  const { ensureBackend } = await import("../../backends/mod.ts");
  const { backend = "auto", threads } = readBackend(values);
  await ensureBackend({ backend, ...(threads !== undefined && { threads }) });
}

/** For which height and width the sizes listed are, where the model takes any, and its format has no shapes of its own. */
function listedSize({ format, inputs, preprocessing }: ExplainableModel): string | undefined {
  const isFree = inputs.some(({ shape }) => shape.length === 4 && shape.includes(null, 1));
  if (!isFree) return undefined;
  if (format === "onnx") return (preprocessing?.size ?? [224, 224]).join(" × ");
  return format.endsWith("-graph") ? "224 × 224" : undefined;
}

async function run(values: Values, io: CliIo): Promise<number> {
  const location = modelOf(values);
  const { loadModel } = await import("../formats/mod.ts");
  const model = await loadModel(location, {
    weights: values.text("weights"),
    identity: values.texts("identity"),
    signal: io.signal,
  });
  try {
    await prepareProbe(model, values);
    const layers = listLayers(model);
    if (values.flag("json")) {
      await io.stdout.write(
        `${JSON.stringify({ format: model.format, inputs: markPictures(model.inputs), layers })}\n`,
      );
    } else {
      const rows = layers.map((layer) => [
        layer.path,
        layer.kind,
        shapeText(layer),
        strideText(layer),
        layer.parameters === undefined ? "" : String(layer.parameters),
        mapText(layer),
      ]);
      await io.stdout.write(table([["LAYER", "KIND", "OUTPUT", "STRIDE", "PARAMETERS", "MAP"], ...rows]));
    }
    if (model.inputs.filter(takesPhoto).length > 1 && !values.flag("json")) {
      await io.stderr.write(`note: The inputs are ${inputTexts(model.inputs).join("; ")}\n`);
    }
    const size = listedSize(model);
    if (size !== undefined) {
      await io.stderr.write(`note: The model takes any size: the sizes listed are those for ${size}\n`);
    }
    if (!layers.some(({ spatial }) => spatial)) {
      const why = whyNoneSpatial(layers) || "no map can be taken";
      await io.stderr.write(`warning: No layer has a 4-D output: ${why}\n`);
    }
    return 0;
  } finally {
    model.dispose();
  }
}

/** `gradcam layers`: where a map can be taken. */
export const layersCommand: Command = {
  name: "layers",
  summary: "List a model's layers, and where a map can be taken",
  operands: modelOperand,
  options: [
    ...modelOptions,
    { name: "json", group: "Result", description: "Print JSON instead of a table" },
    ...backendOptions,
  ],
  examples: [
    { what: "The embedded model", line: "layers" },
    { what: "Where can a map of mine be taken?", line: "layers model.keras" },
  ],
  run,
};
