import type { Json } from "../inbound.ts";
import { ownLayer } from "../own_layer.ts";
import { chainOf, type Link } from "./chain.ts";
import { formulaOf } from "./formula.ts";
import { readLambda } from "./read_lambda.ts";
import type { Step } from "./values.ts";

/** A Lambda layer, translated. */
export interface TranslatedLambda {
  readonly layer: Json;
  /** What it computes, for people. */
  readonly formula: string;
}

/** A layer of a chain, as TensorFlow.js reads it. */
function linkLayer(link: Link, own: Json): Json {
  if (link.kind === "Operation") return ownLayer("Operation", own, { ...link.step });
  const { scale, offset } = link;
  return typeof scale === "number" && typeof offset === "number"
    ? { class_name: "Rescaling", config: { ...own, scale, offset } }
    : ownLayer("Rescaling", own, { scale, offset });
}

/**
 * A Lambda layer as TensorFlow.js reads it: of Keras's own layers where one of them computes the same.
 *
 * @param config Its configuration.
 * @param own Its name, and the shape of its input where that is noted.
 * @param call How it is called.
 * @throws {UnknownFunctionError} If its function is not known.
 */
export function translateLambda(
  config: Json,
  own: Json,
  call: { readonly inputs: number; readonly version: number },
): TranslatedLambda {
  const steps = readLambda(config, call);
  const formula = steps.length === 0 ? "x" : formulaOf(steps, call.inputs);
  const [link, ...others] = (call.inputs === 1 ? chainOf(steps) : undefined) ?? [undefined, undefined];
  if (link && others.length === 0) return { layer: linkLayer(link, own), formula };
  const isIdentity = call.inputs === 1 && chainOf(steps)?.length === 0;
  const layer = isIdentity ? ownLayer("Identity", own, {}) : ownLayer("Lambda", own, { steps });
  return { layer, formula };
}

/** The layers that a translated Lambda's steps are, one after another; `undefined` if it is none, or they branch. */
export function layersOfLambda({ class_name: className, config }: Json): Json[] | undefined {
  if (className !== "Keras>Lambda") return undefined;
  const { name, settings, ...more } = config as { name: string; settings: string };
  const { steps } = JSON.parse(settings) as { steps: Step[] };
  const links = chainOf(steps);
  return links?.map((link, index) => {
    const isFirst = index === 0, isLast = index === links.length - 1;
    return linkLayer(link, { name: isLast ? name : `${name}.${index + 1}`, ...(isFirst && more) });
  });
}
