import type { Json } from "./inbound.ts";

/** Settings that hold the shape of a batch of inputs. */
const inputShapes = /^(batch_input_shape|batch_shape|build_input_shape)$/;

/** Settings of recorded operations that hold the shape of a batch of results. */
const resultShapes = /^(newshape|shape)$/;

/** Replace what a function has another value for, in an object and all inside it. */
function mapEntries(value: unknown, replace: (key: string, item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapEntries(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replace(key, item) ?? mapEntries(item, replace)]),
  );
}

/** A shape with another number of pictures, where it has some number of them. */
function withBatch(shape: unknown, from: number | undefined, to: number | null): unknown {
  if (!Array.isArray(shape)) return undefined;
  const [batch, ...sizes] = shape;
  const isFixed = typeof batch === "number" && (from === undefined ? batch > 1 : batch === from);
  return isFixed ? [to, ...sizes] : undefined;
}

/** Operations that give a shape with a number of pictures in it: with one in its place, if there are any. */
function withSinglePicture(model: Json, batch: number): Json | undefined {
  let count = 0;
  const changed = mapEntries(model, (key, item) => {
    const isNote = key === "build_config" || (item as Json | null)?.keras_history !== undefined;
    if (isNote) return item;
    const shape = resultShapes.test(key) ? withBatch(item, batch, 1) : undefined;
    if (shape) count++;
    return shape;
  });
  return count > 0 ? changed as Json : undefined;
}

/** A shape of inputs with a number of pictures, and what is kept from one batch to the next, in JSON. */
const fixed = /"(?:batch_input_shape|batch_shape|build_input_shape)":\[(\d+)/g;
const kept = /"stateful":true/;

/**
 * An architecture that takes any number of pictures, where it was made for batches of one size: one photo is explained at
 * a time. Where operations count on that size, it takes one. What its layers keep from batch to batch begins at zero.
 *
 * @param model `{ class_name, config }`.
 * @param text The same as JSON, which is looked through faster.
 */
export function withFreeBatch(model: Json, text: string): Json {
  const batch = text.matchAll(fixed).map(([, size]) => Number(size)).find((size) => size > 1);
  if (batch === undefined && !kept.test(text)) return model;
  const single = batch === undefined ? undefined : withSinglePicture(model, batch);
  const free = single ? 1 : null;
  return mapEntries(single ?? model, (key, item) => {
    if (key === "stateful") return false;
    if (inputShapes.test(key)) return withBatch(item, undefined, free);
    if (key !== "build_config") return undefined;
    const { input_shape: shape, ...rest } = (item ?? {}) as Json;
    return { ...rest, input_shape: withBatch(shape, undefined, free) ?? shape };
  }) as Json;
}
