import type { Json } from "./inbound.ts";

/** A shape whose number of pictures is left open, where it is several. */
function freed(shape: unknown): unknown {
  if (!Array.isArray(shape)) return shape;
  const [batch, ...sizes] = shape;
  return typeof batch === "number" && batch > 1 ? [null, ...sizes] : shape;
}

const shapes = /^(batch_input_shape|batch_shape|build_input_shape)$/;

/**
 * An architecture that takes any number of pictures, where it was made for batches of one size: one photo is explained
 * at a time. What its layers keep from batch to batch begins at zero for each.
 */
export function withFreeBatch(model: Json): Json {
  return withoutBatch(model) as Json;
}

/** What Keras 3 notes of how a layer was built. */
function withFreeInput(built: unknown): unknown {
  if (typeof built !== "object" || built === null) return built;
  return { ...built, ...("input_shape" in built && { input_shape: freed(built.input_shape) }) };
}

function withoutBatch(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBatch);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (shapes.test(key)) return [key, freed(item)];
      if (key === "stateful") return [key, false];
      if (key === "build_config") return [key, withFreeInput(item)];
      return [key, withoutBatch(item)];
    }),
  );
}
