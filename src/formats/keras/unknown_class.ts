import { ModelError } from "../../base/errors.ts";
import { cut, quote } from "../../base/quote.ts";
import type { Json } from "./inbound.ts";

/** Layers that stand for a network which the file does not hold, and what each calls the place where that is. */
const networksElsewhere: Readonly<Record<string, { readonly what: string; readonly place: string }>> = {
  KerasLayer: { what: "a TensorFlow Hub layer", place: "handle" },
  TFSMLayer: { what: "a layer that calls a SavedModel", place: "filepath" },
};

function networkElsewhere(where: string, className: string, config: Json): ModelError {
  const { what, place } = networksElsewhere[className]!;
  const at = typeof config[place] === "string" ? ` (${cut(config[place])})` : "";
  return new ModelError(
    `${where} is ${what}${at}, whose network is not in the file: save all of it with tf.saved_model.save(model, "saved") and convert that with tensorflowjs_converter --input_format=tf_saved_model saved web_model`,
  );
}

/**
 * What to say of a layer whose class is not known, and what can be done about it.
 *
 * @param where How to begin.
 * @param className The class.
 * @param config The layer's configuration.
 * @param inputs How many inputs it has.
 */
export function unknownClass(where: string, className: string, config: Json, inputs: number): ModelError {
  if (Object.hasOwn(networksElsewhere, className)) return networkElsewhere(where, className, config);
  const advice = inputs > 1
    ? "put one of Keras's own layers in its place"
    : `if it leaves its input as it is when the model is used, say so with --identity ${
      cut(className, 60)
    } (the option "identity"), else put one of Keras's own layers in its place`;
  return new ModelError(`${where} is a ${quote(className, 60)}, which is no layer of Keras's own: ${advice}`);
}
