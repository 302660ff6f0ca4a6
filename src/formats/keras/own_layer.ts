import type { Json } from "./inbound.ts";
import { registeredName } from "./layers/keras_layer.ts";

/**
 * A layer of our own, as TensorFlow.js reads it.
 *
 * @param className Its class in Keras.
 * @param config Its name, and the shape of its input where that is noted.
 * @param settings What it is set to, in Keras's own spelling.
 */
export function ownLayer(className: string, config: Json, settings: Json): Json {
  return {
    class_name: registeredName(className),
    config: {
      name: config.name,
      settings: JSON.stringify(settings).replaceAll("_", "\\u005f"), // TensorFlow.js respells text with underscores
      ...(config.batch_input_shape !== undefined && { batch_input_shape: config.batch_input_shape }),
    },
  };
}
