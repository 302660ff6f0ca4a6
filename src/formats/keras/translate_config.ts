import * as tf from "../../base/tfjs.ts";
import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { Json } from "./inbound.ts";
import { type ActivationConfig, layerActivation } from "./layers/activation_objects.ts";
import { activationName } from "./layers/activations.ts";
import { toSnakeCase } from "./names.ts";

/** The model that a layer belongs to. */
export interface TranslationContext {
  /** What to call it in messages. */
  readonly name: string;
  /** Whether Keras 2 wrote it. */
  readonly isKeras2: boolean;
  /** The version that wrote it, as a number such as 3.15; 0 if it does not say. */
  readonly version: number;
  /** What was put in place of layers, and how often. */
  readonly replaced: Map<string, number>;
  /** Of that, what was taken to be meant where the file does not say it outright. */
  readonly assumed: Set<string>;
  /** Classes whose layers leave their input as it is, as the caller says. */
  readonly identity: readonly string[];
  /** What knows functions of Lambda layers, where it was loaded. */
  readonly lambdas: typeof import("./lambda/mod.ts") | undefined;
  /** Translate a layer or model inside a layer. */
  translateInner(layer: Json, context: TranslationContext): Json;
}

/** Note what was put in place of a layer. */
export function note({ replaced }: TranslationContext, what: string): void {
  replaced.set(what, (replaced.get(what) ?? 0) + 1);
}

/** Likewise what was taken to be meant where the file does not say it outright. */
export function noteAssumption(context: TranslationContext, what: string): void {
  note(context, what);
  context.assumed.add(what);
}

/** Whether TensorFlow.js knows a class, its own or a user's. */
export function isRegistered(className: string): boolean {
  return Object.hasOwn(tf.serialization.SerializationMap.getMap().classNameMap, className);
}

/**
 * The name under which TensorFlow.js finds a registered class. It respells names with underscores, such as that of a
 * package before a user's class: these are known to it by another spelling too.
 */
export function findableName(className: string): string {
  if (!className.includes("_")) return className;
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const spelling = className.replaceAll("_", "-");
  classNameMap[spelling] = classNameMap[className]!;
  return spelling;
}

/** Settings that are for training alone, or for the machine that trained. */
const unused =
  /_regularizer$|_constraint$|^dtype$|^synchronized$|^quantization_config$|^autocast$|^lora_|^trainable$|^unit_forget_bias$/;

/** What is not set at all, as old and new versions write it. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

/** The name under which an activation is noted, with that of the package which registered it. */
function noteOf(value: unknown): string {
  if (typeof value === "string") return value;
  const { class_name: className, registered_name: registered, config } = value as Json;
  if (className !== "function") return String(registered ?? className);
  return String(isNothing(registered) || registered === "function" ? config : registered);
}

/** An activation, which is noted as text, as a registered function, or as a layer. */
function translateActivation(
  value: unknown,
  where: string,
  context: TranslationContext,
): ActivationConfig | Json {
  const noted = noteOf(value);
  const own = noted.split(/[>.]/).at(-1)!;
  if (typeof value === "object") {
    const settings = (value as { config?: unknown }).config;
    const layer = typeof settings === "object" ? layerActivation(own, settings as Json) : undefined;
    if (layer) return layer;
  }
  const isPackaged = noted.includes(">");
  if (isPackaged && isRegistered(noted)) return { class_name: findableName(noted), config: {} };
  const found = activationName(toSnakeCase(own), context.isKeras2);
  if (found !== undefined) {
    if (isPackaged) note(context, `activation ${noted}: taken for Keras's own of that name`);
    return found;
  }
  if (isRegistered(own)) return { class_name: findableName(own), config: {} };
  throw new ModelError(
    `${where} has the activation ${
      quote(own)
    }, which is not known: save the model with one of Keras's own activations`,
  );
}

/** A layer's settings without what is not needed, spelled as TensorFlow.js reads them. */
export function translateConfig(
  config: Json,
  className: string,
  where: string,
  context: TranslationContext,
): Json {
  const translated: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (unused.test(key) || isNothing(value)) continue;
    // Weights are set from the file; random ones would cost time.
    if (key.endsWith("_initializer")) translated[key] = { class_name: "Zeros", config: {} };
    else if (key === "batch_shape") translated.batch_input_shape = value;
    else if (key === "activation" || key === "recurrent_activation") {
      translated[key] = translateActivation(value, where, context);
    } else if (key === "axis" && className === "BatchNormalization") translated[key] = [value].flat()[0];
    else if (key === "layer" || key === "backward_layer") {
      translated[key] = context.translateInner(value as Json, context);
    } else translated[key] = value;
  }
  if (className.startsWith("SeparableConv")) delete translated.kernel_initializer;
  if (className === "InputLayer") {
    return { name: config.name, batch_input_shape: translated.batch_input_shape, dtype: "float32" };
  }
  return translated;
}
