import * as tf from "@tensorflow/tfjs";
import { ModelError } from "../errors.ts";
import type { CallTemplate, Json } from "./inbound.ts";
import { toSnakeCase } from "./archive_weights.ts";
import { activationName } from "./layers/activations.ts";
import { registeredName } from "./layers/keras_layer.ts";
import { identityLayers } from "./layers/identity.ts";
import { kerasLayers } from "./layers/mod.ts";
import { isOperation } from "./layers/operation.ts";

/** The model that a layer belongs to. */
export interface TranslationContext {
  /** What to call it in messages. */
  readonly name: string;
  /** Whether Keras 2 wrote it. */
  readonly isKeras2: boolean;
  /** What was put in place of layers, and how often. */
  readonly replaced: Map<string, number>;
}

/** Classes that TensorFlow.js has under another name. */
const otherNames: Readonly<Record<string, string>> = { SyncBatchNormalization: "BatchNormalization" };

/** Where our own layer is not needed, since TensorFlow.js's does the same for such a configuration. */
const plainCases: Readonly<Record<string, (config: Json) => boolean>> = {
  Conv2D: ({ groups }) => (groups ?? 1) === 1,
  GlobalAveragePooling2D: ({ keepdims }) => keepdims !== true,
  GlobalMaxPooling2D: ({ keepdims }) => keepdims !== true,
  Rescaling: ({ scale, offset }) => typeof scale === "number" && typeof (offset ?? 0) === "number",
  Softmax: ({ axis = -1 }) => axis === -1,
  ReLU: ({ negative_slope: slope, threshold, max_value: max }) =>
    !slope && !threshold && (max === null || max === undefined || typeof max === "number"),
};

/** Settings that are for training alone, or for the machine that trained. */
const unused =
  /_regularizer$|_constraint$|^dtype$|^synchronized$|^quantization_config$|^autocast$|^lora_|^trainable$/;

/** What is not set at all, as old and new versions write it. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

/** The name of an activation, which is noted as text or as a registered function or object. */
function activationOf(value: unknown, where: string, { isKeras2 }: TranslationContext): string {
  const record = value as Json | null;
  const noted = typeof value === "string"
    ? value
    : record?.registered_name ?? record?.class_name ?? record?.config;
  const given = record && record.class_name === "function" ? record.config : noted;
  const name = toSnakeCase(String(given).split(/[>.]/).at(-1)!);
  const found = activationName(name, isKeras2);
  if (found !== undefined) return found;
  throw new ModelError(`${where} has the activation "${name}", which is not known`);
}

/** A layer's settings without what is not needed, spelled as TensorFlow.js reads them. */
function translateConfig(config: Json, className: string, where: string, context: TranslationContext): Json {
  const translated: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (unused.test(key) || isNothing(value)) continue;
    // Weights are set from the file; random ones would cost time.
    if (key.endsWith("_initializer")) translated[key] = { class_name: "Zeros", config: {} };
    else if (key === "batch_shape") translated.batch_input_shape = value;
    else if (key === "activation") translated[key] = activationOf(value, where, context);
    else if (key === "axis" && className === "BatchNormalization") translated[key] = [value].flat()[0];
    else translated[key] = value;
  }
  if (className.startsWith("SeparableConv")) delete translated.kernel_initializer;
  if (className === "InputLayer") {
    return { name: config.name, batch_input_shape: translated.batch_input_shape, dtype: "float32" };
  }
  return translated;
}

function unknownLayer(where: string, className: string): ModelError {
  return className === "Lambda"
    ? new ModelError(`${where} is a Lambda, whose Python code cannot be run: put a layer in its place`)
    : new ModelError(
      `${where} is a "${className}", which is not known: register a class of that name with tf.serialization.registerClass`,
    );
}

function isRegistered(className: string): boolean {
  return Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, className);
}

function ownLayer(className: string, config: Json, settings: Json): Json {
  return {
    class_name: registeredName(className),
    config: {
      name: config.name,
      settings: JSON.stringify(settings).replaceAll("_", "\\u005f"), // TensorFlow.js respells text with underscores
      ...(config.batch_input_shape !== undefined && { batch_input_shape: config.batch_input_shape }),
    },
  };
}

/** An operation that a functional model recorded, by Keras 3 or, as TFOpLambda, by Keras 2. */
function translateOperation(operation: string, config: Json, call: CallTemplate): Json {
  const { name, function: _function, trainable: _trainable, dtype: _dtype, ...fixed } = config;
  const { name: _label, ...named } = call.named;
  return ownLayer("Operation", { name }, {
    operation,
    operands: call.operands,
    named: { ...fixed, ...named },
  });
}

/** Note what was put in place of a layer. */
function note({ replaced }: TranslationContext, what: string): void {
  replaced.set(what, (replaced.get(what) ?? 0) + 1);
}

/** A layer's class; one that was registered with Keras bears its package's name before its own. */
function classNameOf({ class_name: noted }: Json): string {
  const className = String(noted);
  if (isRegistered(className)) return className;
  const own = className.split(">").at(-1)!;
  return otherNames[own] ?? own;
}

/**
 * Whether a layer is an operation that Keras 3 recorded. HDF5 files do not say so: there, what is no layer is one,
 * and what is called with two operands, since layers that join inputs take them as a list.
 */
function isRecorded({ module }: Json, className: string, { operands }: CallTemplate): boolean {
  if (module !== undefined) return String(module).startsWith("keras.src.ops");
  const isLayer = isRegistered(className) || kerasLayers.some((own) => own.className === className);
  return isOperation(toSnakeCase(className)) && (!isLayer || operands.length > 1);
}

/**
 * A layer as TensorFlow.js reads it.
 *
 * @param layer As any version of Keras writes it.
 * @param context The model that it belongs to.
 * @param call How it was called, which operations need to know.
 * @throws {ModelError} If it is unknown or cannot be had.
 */
export function translateLayer(layer: Json, context: TranslationContext, call: CallTemplate): Json {
  const config = layer.config as Json;
  const className = classNameOf(layer);
  const where = `Cannot open model "${context.name}": layer "${config?.name ?? layer.name}"`;
  if (config?.data_format === "channels_first") {
    throw new ModelError(`${where} has its channels first: train or convert the model with channels_last`);
  }
  if (className === "TFOpLambda") {
    const operation = String(config.function).split(".").at(-1)!;
    if (!isOperation(operation)) throw unknownLayer(where, String(config.function));
    note(context, `${operation}: an operation that the model recorded`);
    return translateOperation(operation, config, call);
  }
  if (isRecorded(layer, className, call)) {
    const operation = toSnakeCase(className);
    if (!isOperation(operation)) throw unknownLayer(where, className);
    note(context, `${operation}: an operation that the model recorded`);
    return translateOperation(operation, config, call);
  }
  const translated = translateConfig(config, className, where, context);
  if (kerasLayers.some((own) => own.className === className) && !plainCases[className]?.(config)) {
    const isIdentity = identityLayers.some((own) => own.className === className);
    note(
      context,
      `${className}: ${isIdentity ? "left out, it acts in training alone" : "computed as Keras does"}`,
    );
    return ownLayer(className, translated, config);
  }
  if (!isRegistered(className)) throw unknownLayer(where, className);
  return { class_name: className, config: translated };
}
