import { ModelError } from "../../base/errors.ts";
import type { CallTemplate, Json } from "./inbound.ts";
import { type KerasLayer, registeredName } from "./layers/keras_layer.ts";
import { identityLayers } from "./layers/identity.ts";
import { kerasLayers } from "./layers/mod.ts";
import { isOperation } from "./layers/operations/mod.ts";
import { toSnakeCase } from "./names.ts";
import { plainCases } from "./plain_layers.ts";
import {
  findableName,
  isRegistered,
  note,
  translateConfig,
  type TranslationContext,
} from "./translate_config.ts";

/** Classes that TensorFlow.js has under another name. */
const otherNames: Readonly<Record<string, string>> = { SyncBatchNormalization: "BatchNormalization" };

/** Settings that our own layers are given as they were translated: all others are in Keras's own spelling. */
const respelled = ["activation", "recurrent_activation", "layer", "backward_layer"];

/** Layers that must know how they were called, not with what alone. */
const readsCall = /Attention$/;

function unknownLayer(where: string, className: string): ModelError {
  return className === "Lambda"
    ? new ModelError(`${where} is a Lambda, whose Python code cannot be run: put a layer in its place`)
    : new ModelError(
      `${where} is a "${className}", which is not known: register a class of that name with tf.serialization.registerClass`,
    );
}

/** Our own layer of a class, where its settings ask for one. */
function findOwn(className: string, config: Json): KerasLayer | undefined {
  return plainCases[className]?.(config) ? undefined : kerasLayers.find((own) => own.className === className);
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
function translateOperation(
  operation: string,
  config: Json,
  call: CallTemplate,
  where: string,
  context: TranslationContext,
): Json {
  if (!isOperation(operation)) throw unknownLayer(where, String(config.function ?? operation));
  note(context, `${operation}: an operation that the model recorded`);
  const { name, function: _function, trainable: _trainable, dtype, ...fixed } = config;
  const { name: _label, ...named } = call.named;
  // Keras 2 notes the type of a layer's numbers so, Keras 3 that to which an operation casts.
  const type = context.isKeras2 || dtype === undefined ? {} : { dtype };
  return ownLayer("Operation", { name }, {
    operation,
    operands: call.operands,
    named: { ...fixed, ...type, ...named },
  });
}

/** A layer's class; one that was registered with Keras bears its package's name before its own. */
function classNameOf({ class_name: noted, registered_name: registered }: Json): string {
  const className = String(noted);
  if (typeof registered === "string" && isRegistered(registered)) return registered;
  if (isRegistered(className)) return className;
  const own = className.split(">").at(-1)!;
  return otherNames[own] ?? own;
}

/**
 * Whether a layer is an operation that Keras 3 recorded. HDF5 files do not say so: there it is one where it bears an
 * operation's name and none of the settings that every layer has.
 */
function isRecorded({ module, config }: Json, className: string, { isKeras2 }: TranslationContext): boolean {
  if (module !== undefined) return /^keras\.(src\.)?ops\b/.test(String(module));
  if (isKeras2 || !isOperation(toSnakeCase(className))) return false;
  return (config as Json).trainable === undefined;
}

/** The layer inside one that matters in training alone, under the name of that. */
function unwrap(config: Json, context: TranslationContext): Json {
  const inner = config.layer as Json;
  const { batch_input_shape: shape } = config;
  const named = {
    ...inner.config as Json,
    name: config.name,
    ...(shape !== undefined && { batch_input_shape: shape }),
  };
  note(context, "SpectralNormalization: left out, it acts in training alone");
  return context.translateInner({ ...inner, config: named }, context);
}

/** Layers of Keras 2 that stand for a function of TensorFlow. */
const functionLayers = new Set(["TFOpLambda", "SlicingOpLambda"]);

/** Whether inference leaves pictures as they are in the version that wrote the model. */
function isIdentity(className: string, { version }: TranslationContext): boolean {
  if (className === "RandomCrop") return version >= 3.07; // earlier ones resize
  return identityLayers.some((own) => own.className === className);
}

/**
 * A layer as TensorFlow.js reads it.
 *
 * @param layer As any version of Keras writes it.
 * @param context The model that it belongs to.
 * @param call How it was called.
 * @throws {ModelError} If it is unknown or cannot be had.
 */
export function translateLayer(layer: Json, context: TranslationContext, call: CallTemplate): Json {
  const config = (layer.config ?? {}) as Json;
  const className = classNameOf(layer);
  const where = `Cannot open model "${context.name}": layer "${config.name ?? layer.name}"`;
  if (config.data_format === "channels_first") {
    throw new ModelError(`${where} has its channels first: train or convert the model with channels_last`);
  }
  if (functionLayers.has(className)) {
    return translateOperation(String(config.function).split(".").at(-1)!, config, call, where, context);
  }
  if (isRecorded(layer, className, context)) {
    return translateOperation(toSnakeCase(className), config, call, where, context);
  }
  if (className === "SpectralNormalization") return unwrap(config, context);
  const translated = translateConfig(config, className, where, context);
  if (isIdentity(className, context)) {
    note(context, `${className}: left out, it acts in training alone`);
    return ownLayer(className === "RandomCrop" ? "Identity" : className, translated, {});
  }
  const own = findOwn(className, config);
  if (own) {
    if (!own.quiet) note(context, `${className}: computed as Keras does`);
    const readable = respelled.filter((key) => translated[key] !== undefined);
    return ownLayer(className, translated, {
      ...config,
      ...Object.fromEntries(readable.map((key) => [key, translated[key]])),
      ...(readsCall.test(className) && { call }),
    });
  }
  if (!isRegistered(className)) throw unknownLayer(where, className);
  return { class_name: findableName(className), config: translated };
}
