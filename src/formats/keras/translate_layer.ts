import { ModelError } from "../../base/errors.ts";
import { cut, quote } from "../../base/quote.ts";
import type { CallTemplate, Json } from "./inbound.ts";
import type { KerasLayer } from "./layers/keras_layer.ts";
import { checkOneInput, countInputs, isCustomIdentity } from "./custom_identities.ts";
import { identityLayers } from "./layers/identity.ts";
import { kerasLayers } from "./layers/mod.ts";
import { isOperation } from "./layers/operations/mod.ts";
import { UnknownFunctionError } from "./lambda/values.ts";
import { toSnakeCase } from "./names.ts";
import { ownLayer } from "./own_layer.ts";
import { plainCases } from "./plain_layers.ts";
import { canDequantise, quantisationOf } from "./quantisation.ts";
import {
  findableName,
  isRegistered,
  note,
  noteAssumption,
  translateConfig,
  type TranslationContext,
} from "./translate_config.ts";
import { unknownClass } from "./unknown_class.ts";

/** Classes that TensorFlow.js has under another name. */
const otherNames: Readonly<Record<string, string>> = { SyncBatchNormalization: "BatchNormalization" };

/** Settings that our own layers are given as they were translated: all others are in Keras's own spelling. */
const respelled = ["activation", "recurrent_activation", "layer", "backward_layer"];

/** Layers that must know how they were called, not with what alone. */
const readsCall = /Attention$/;

/** Our own layer of a class, where its settings ask for one. */
function findOwn(className: string, config: Json): KerasLayer | undefined {
  return plainCases[className]?.(config) ? undefined : kerasLayers.find((own) => own.className === className);
}

/** An operation that a functional model recorded, by Keras 3 or, as TFOpLambda, by Keras 2. */
function translateOperation(
  operation: string,
  config: Json,
  call: CallTemplate,
  where: string,
  context: TranslationContext,
): Json {
  if (!isOperation(operation)) {
    throw new ModelError(
      `${where} is the operation ${
        quote(config.function ?? operation)
      }, which is not known: put one of Keras's own layers in its place`,
    );
  }
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

/** A Lambda layer whose function is known. */
function translateKnownLambda(
  config: Json,
  where: string,
  call: CallTemplate,
  context: TranslationContext,
): Json {
  const inputs = Math.max(1, countInputs([call.operands, call.named]));
  try {
    const own = withShape(config);
    const { layer, formula } = context.lambdas!.translateLambda(config, own, {
      inputs,
      version: context.version,
    });
    noteAssumption(context, `opened ${quote(config.name)} (Lambda) as ${formula}`);
    return layer;
  } catch (error) {
    if (!(error instanceof UnknownFunctionError)) throw error;
    throw new ModelError(
      `${where} is a Lambda, whose Python code cannot be run and ${error.message}: put one of Keras's own layers in its place`,
    );
  }
}

/** A layer's name, and the shape of its input where that is noted. */
function withShape({ name, batch_input_shape: older, batch_shape: shape = older }: Json): Json {
  return { name, ...(shape !== undefined && shape !== null && { batch_input_shape: shape }) };
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

/** Whether the caller says that a class leaves its input as it is, by its own name or with its package's. */
function isSaidIdentity(
  { class_name: noted, registered_name: registered }: Json,
  said: readonly string[],
): boolean {
  const names = [noted, registered].map((name) => String(name ?? ""));
  return names.some((name) => said.includes(name) || said.includes(name.split(">").at(-1)!));
}

/** Whether a class can be had, from TensorFlow.js or here. */
function isKnown(className: string): boolean {
  return isRegistered(className) || kerasLayers.some((own) => own.className === className);
}

/** Note that weights were quantised by Keras itself, or refuse those that are not read. */
function noteQuantisation(config: Json, className: string, where: string, context: TranslationContext): void {
  const quantised = quantisationOf(config);
  if (quantised?.mode === undefined) return;
  const { mode } = quantised;
  if (!canDequantise(quantised)) {
    throw new ModelError(
      `${where} has weights quantised by ${quote(mode)}, which are not read: save it before that`,
    );
  }
  const done = mode === "float8" ? "computed in float32" : "weights made float32 again";
  noteAssumption(
    context,
    `${className} of ${mode}: ${done}; Keras rounds its input too, so that its numbers differ a little`,
  );
}

/** A layer of somebody's own that leaves its input as it is. */
function customIdentity(
  className: string,
  config: Json,
  where: string,
  call: CallTemplate,
  context: TranslationContext,
): Json {
  checkOneInput(where, className, call);
  const say = context.identity.includes(className) ? note : noteAssumption; // whoever told it knows
  say(context, `opened ${quote(config.name)} (${cut(className)}) as a layer that leaves its input as it is`);
  return ownLayer("Identity", withShape(config), {});
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
  const where = `Cannot open model ${quote(context.name)}: layer ${quote(config.name ?? layer.name)}`;
  if (isSaidIdentity(layer, context.identity)) return customIdentity(className, config, where, call, context);
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
  if (className === "Lambda" && !isRegistered(className)) {
    return translateKnownLambda(config, where, call, context);
  }
  if (!isKnown(className)) {
    if (isCustomIdentity(className)) return customIdentity(className, config, where, call, context);
    throw unknownClass(where, className, config, countInputs([call.operands, call.named]));
  }
  noteQuantisation(config, className, where, context);
  const translated = translateConfig(config, className, where, context);
  if (isIdentity(className, context)) {
    checkOneInput(where, className, call);
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
  return { class_name: findableName(className), config: translated };
}
