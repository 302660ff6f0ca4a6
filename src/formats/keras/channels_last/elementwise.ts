import { isCustomIdentity } from "../custom_identities.ts";
import { type Json, translateInbound } from "../inbound.ts";
import { identityLayers } from "../layers/identity.ts";
import { toSnakeCase } from "../names.ts";

/** Layers and recorded operations that treat every number alone, or join numbers at one place, by their snake case. */
const names: ReadonlySet<string> = new Set([
  "abs",
  "add",
  "add_v2",
  "average",
  "cast",
  "clip",
  "clip_by_value",
  "divide",
  "dropout",
  "elu",
  "exp",
  "gelu",
  "hard_sigmoid",
  "hard_silu",
  "hard_swish",
  "hard_tanh",
  "identity",
  "leaky_re_lu",
  "leaky_relu",
  "log",
  "log_sigmoid",
  "maximum",
  "minimum",
  "mul",
  "multiply",
  "negative",
  "power",
  "re_lu",
  "reciprocal",
  "relu",
  "relu6",
  "rsqrt",
  "selu",
  "sigmoid",
  "silu",
  "softplus",
  "softsign",
  "sqrt",
  "square",
  "sub",
  "subtract",
  "swish",
  "tanh",
  "thresholded_re_lu",
  "true_divide",
  "truediv",
]);

/** Activations that look along an axis. */
const alongAxis = /soft_?max|sparse_?max|\bglu\b/i;

/** Whether an activation, however it is noted, treats every number alone. */
export function isElementwise(activation: unknown): boolean {
  return !alongAxis.test(JSON.stringify(activation) ?? "");
}

/** Whether all that a layer takes beside the values of others are single numbers. */
function takesNumbersAlone(given: unknown): boolean {
  if (Array.isArray(given)) return given.every((item) => isReference(item) || takesNothingElse(item));
  return isReference(given) || takesNothingElse(given);
}

function isReference(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0 && value.every(isReference)
    : typeof (value as Json | null)?.input === "number";
}

function takesNothingElse(value: unknown): boolean {
  const { constant } = (value ?? {}) as Json;
  if (constant !== undefined) return typeof constant === "number";
  return value === null || typeof value !== "object";
}

/** What a layer computes, in snake case: its class, or the function that it recorded. */
export function kindOf({ class_name: className, config }: Json): string {
  const own = String(className).split(">").at(-1)!;
  if (own !== "TFOpLambda") return toSnakeCase(own);
  return toSnakeCase(String((config as Json).function).split(".").at(-1)!);
}

/** Whether a layer leaves its input as it is when a model is used. */
export function isIdentityLayer({ class_name: className }: Json): boolean {
  const own = String(className).split(">").at(-1)!;
  return isCustomIdentity(own) || identityLayers.some((layer) => layer.className === own);
}

/** Whether a scale is one number, or one for each channel, wherever the channels are. */
function isForChannels(scale: unknown): boolean {
  return !Array.isArray(scale) || scale.every((value) => typeof value === "number");
}

/** Whether a layer computes each number from those at the same place, whatever the order of the axes. */
export function keepsPlaces(layer: Json): boolean {
  if (isIdentityLayer(layer)) return true;
  const config = (layer.config ?? {}) as Json;
  const kind = kindOf(layer);
  if (kind === "activation") return isElementwise(config.activation);
  if (kind === "rescaling") return [config.scale, config.offset].every(isForChannels);
  if (!names.has(kind)) return false;
  const { operands, named } = translateInbound(layer, new Set()).template;
  return operands.every(takesNumbersAlone) && Object.values(named).every(takesNumbersAlone);
}
