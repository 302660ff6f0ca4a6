import { ModelError } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import type { Preprocessing } from "../../input/preprocess.ts";
import { withFreeBatch } from "./free_batch.ts";
import type { Json } from "./inbound.ts";
import { asObject, isArchitecture, unwrapped } from "./is_architecture.ts";
import { isWrittenByKeras1, versionOf } from "./keras_version.ts";
import type { KerasWeights } from "./keras_file.ts";
import { readLayerTree } from "./layer_tree.ts";
import { inOneSpelling } from "./spelling.ts";

/** A network's layers and how they are connected, in Keras 2's and 3's own spelling. */
export interface Architecture {
  /** `{ class_name, config }`. */
  readonly config: unknown;
  /** The version of Keras that wrote it, as far as that is known. */
  readonly kerasVersion: string | undefined;
  /** How it takes photos, where that is noted with it. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Its weights, as the file has them, in the shapes and the order that its layers take. */
  adapt(weights: KerasWeights): KerasWeights;
}

/** What the file of an architecture or of its weights says of their origin. */
export interface Origin {
  /** The version of Keras. */
  readonly kerasVersion?: string | undefined;
  /** What Keras computed with, such as `"theano"`. */
  readonly backend?: string | undefined;
}

/**
 * Read an architecture as any version of Keras writes it, and as people write it who repair one by hand.
 *
 * @param value `{ class_name, config }`, or what holds that; as an object or as text.
 * @param name What to call the model in messages.
 * @param origin Where it is from, as far as its file says so.
 * @throws {ModelError} If it has something that no later version of Keras has.
 */
export async function readArchitecture(
  value: unknown,
  name: string,
  origin: Origin = {},
): Promise<Architecture> {
  const given = asObject(value);
  if (!given || !isArchitecture(given)) { // which is told where it is built
    return { config: value, kerasVersion: origin.kerasVersion, adapt: (weights) => weights };
  }
  try {
    return await translate(given, name, origin);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError(`Cannot open model ${quote(name)}: its architecture is damaged`);
  }
}

/** The first text of what may be none. */
function textOf(...values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === "string");
}

/** What is noted of keras-hub's classes, which a file keeps as settings alone. */
const ofHub = /"keras_(?:hub|nlp)[.>]/;

/** An architecture in Keras's own layers, where it has keras-hub's, and how that takes photos. */
async function withoutHub(
  model: Json,
  name: string,
): Promise<{ model: Json; preprocessing?: Preprocessing | undefined }> {
  if (!ofHub.test(JSON.stringify(model))) return { model };
  const [{ expandHub }, { readImageConverter }] = await Promise.all([
    import("./hub/expand.ts"),
    import("./hub/preprocessing.ts"),
  ]);
  return { model: expandHub(model, name), preprocessing: readImageConverter(model) };
}

/** What an architecture notes itself comes before what the file of its weights does. */
async function translate(given: Json, name: string, origin: Origin): Promise<Architecture> {
  const { model: inner, preprocessing } = await withoutHub(unwrapped(given), name);
  const version = textOf(given.keras_version, inner.keras_version, origin.kerasVersion);
  const backend = textOf(given.backend, inner.backend, origin.backend);
  const written = JSON.stringify(inner);
  const spelled = inOneSpelling(inner, written);
  const text = spelled === inner ? written : JSON.stringify(spelled);
  const { config, kerasVersion, adapt } = await inKeras2(spelled, text, name, version);
  const isTurned = backend === "theano" && kerasVersion?.startsWith("2.");
  const turn = isTurned ? (await import("./theano.ts")).fromTheano : undefined;
  return {
    config: withFreeBatch(config, text),
    kerasVersion,
    preprocessing,
    adapt: (weights) => adapt(turn ? turn(weights, readLayerTree(config)) : weights),
  };
}

/** An architecture of Keras 1 in the spelling of Keras 2; any other as it is. */
async function inKeras2(config: Json, text: string, name: string, version: string | undefined) {
  if (isWrittenByKeras1(text, version)) {
    const { translateKeras1 } = await import("./keras1/translate.ts");
    return { kerasVersion: version ?? "1", ...translateKeras1(config, name) };
  }
  return { config, kerasVersion: versionOf(text, version), adapt: (weights: KerasWeights) => weights };
}
