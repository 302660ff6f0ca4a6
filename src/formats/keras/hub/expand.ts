/**
 * Models of keras-hub: a file keeps the settings of its classes alone, so that their layers are written out here.
 *
 * @module
 */
import { ModelError } from "../../../base/errors.ts";
import { cut, listed, quote } from "../../../base/quote.ts";
import type { Json } from "../inbound.ts";
import { hubClasses } from "./classes.ts";
import type { KnownShape } from "./network.ts";

function isFromHub({ module, class_name: className, registered_name: registered }: Json): boolean {
  if (/^keras_(hub|nlp)\b/.test(String(module ?? registered ?? ""))) return true;
  return hubClasses.some((one) => one.className === className) && module === undefined;
}

/** The shape that a layer takes where it is called first. */
function inputShapeOf({ inbound_nodes: nodes, build_config: built }: Json): KnownShape {
  const text = JSON.stringify((Array.isArray(nodes) ? nodes[0] : undefined) ?? null);
  const found = /"shape":(\[[^\]]*\])/.exec(text)?.[1];
  const noted = (built as Json | null | undefined)?.input_shape;
  const shape = found ? JSON.parse(found) as unknown : noted;
  return Array.isArray(shape) ? shape as KnownShape : undefined;
}

/** Whether weights were made smaller; those of the layers inside are noted nowhere else. */
function isQuantised({ dtype }: Json): boolean {
  const policy = dtype as { class_name?: unknown; config?: { mode?: unknown } } | null | undefined;
  return policy?.class_name === "DTypePolicyMap" || typeof policy?.config?.mode === "string";
}

/** A layer or model in Keras's own layers, with its name, its calls and its place among the weights. */
function writeOut(layer: Json, name: string): Json {
  const className = String(layer.class_name).split(">").at(-1)!;
  const settings = layer.config as Json;
  const where = `Cannot open model ${quote(name)}: ${quote(settings.name)} is a ${quote(className, 60)}`;
  const known = hubClasses.find((one) => one.className === className);
  if (!known) {
    const backbones = hubClasses.filter((one) => one.className.endsWith("Backbone")).map((one) =>
      one.className.replace("Backbone", "")
    );
    throw new ModelError(
      `${where} of keras-hub, whose layers are not in the file: those of ${
        listed(backbones)
      } are known, others are to be exported as ONNX with model.export("${
        cut("model.onnx")
      }", format="onnx")`,
    );
  }
  if (isQuantised(settings)) {
    throw new ModelError(
      `${where} of keras-hub with quantised weights, which are not read: save it before that`,
    );
  }
  const { inbound_nodes: nodes, stored } = layer;
  return {
    ...known.write(settings, inputShapeOf(layer)),
    class_in_file: className,
    name: settings.name,
    ...(nodes !== undefined && { inbound_nodes: nodes }),
    ...(stored !== undefined && { stored }),
  };
}

/** Where a model ends, with the uses of layers that became models counted from 1, as Keras counts those. */
function endsCounted(value: unknown, models: ReadonlySet<unknown>): unknown {
  if (!Array.isArray(value)) {
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, endsCounted(item, models)]));
  }
  const [layer, use, ...rest] = value;
  if (typeof layer === "string" && typeof use === "number") {
    return models.has(layer) && use === 0 ? [layer, 1, ...rest] : value;
  }
  return value.map((item) => endsCounted(item, models));
}

function expandLayer(layer: Json, name: string): Json {
  const written = isFromHub(layer) ? writeOut(layer, name) : layer;
  const config = written.config as Json | undefined;
  if (!Array.isArray(config?.layers)) return written;
  const given = config.layers as readonly Json[];
  const layers = given.map((inner) => expandLayer(inner, name));
  const names = new Set(given.filter(isFromHub).map((inner) => (inner.config as Json).name));
  return {
    ...written,
    config: { ...config, layers, output_layers: endsCounted(config.output_layers, names) },
  };
}

/**
 * An architecture with keras-hub's classes written out in Keras's own layers.
 *
 * @param model `{ class_name, config }`.
 * @param name What to call it in messages.
 * @throws {ModelError} If a class is not known.
 */
export function expandHub(model: Json, name: string): Json {
  return expandLayer(model, name);
}
