import { JoinedBytes } from "../base/bytes.ts";
import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { allOrNone } from "./all_or_none.ts";
import type { ModelFolder } from "./model_folder.ts";
import { unwrapWeights } from "./wasm_container.ts";
import { parseManifest, parseSpecs, sizeOf, type WeightsGroup, type WeightSpec } from "./tfjs_manifest.ts";

/** A weight and its bytes, as its file has them. */
export interface StoredWeight {
  readonly spec: WeightSpec;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What is read of a model.json about its weights. */
export interface WeightsJson {
  readonly weightsManifest?: unknown;
  readonly weightSpecs?: unknown;
  readonly weightData?: unknown;
}

/** Cut a group's bytes into its weights; `undefined` where there are more or fewer than they take. */
function cut(specs: readonly WeightSpec[], bytes: JoinedBytes): StoredWeight[] | undefined {
  let at = 0;
  const weights = specs.map((spec): StoredWeight => {
    const size = sizeOf(spec, spec.dtype === "string" ? bytes.slice(at, bytes.length) : new Uint8Array());
    const end = Math.min(at + size, bytes.length);
    const own = bytes.slice(at, end);
    at += size;
    return { spec, bytes: own };
  });
  return at === bytes.length ? weights : undefined;
}

/** Why a group's files do not hold what the manifest says. */
async function explain(
  { paths, weights }: WeightsGroup,
  shards: readonly Uint8Array[],
  length: number,
): Promise<string> {
  const { recogniseMistake } = await import("./foreign.ts");
  for (const [index, shard] of shards.entries()) {
    const mistake = recogniseMistake(shard);
    if (mistake) return `its weights file ${quote(paths[index])} holds no weights: ${mistake}`;
  }
  const files = paths.length === 1 ? `weights file ${quote(paths[0])} holds` : "weights files hold";
  const expected = weights.reduce((sum, spec) => sum + sizeOf(spec, new Uint8Array()), 0);
  return `its ${files} ${length} bytes, but the manifest says ${expected}`;
}

/** A group and what its files hold. */
interface ReadGroup {
  readonly group: WeightsGroup;
  readonly shards: readonly Uint8Array[];
}

/** Read the files of all groups at once. */
async function readFiles(folder: ModelFolder, groups: readonly WeightsGroup[]): Promise<ReadGroup[]> {
  const paths = groups.flatMap((group) => group.paths);
  const files = await allOrNone(paths.map((path) => (signal) => folder.read(path, signal)));
  const missing = paths.find((_, index) => !files[index]);
  if (missing !== undefined) {
    throw new ModelError(
      `Cannot open model ${quote(folder.name)}: its weights file ${quote(missing)} is missing`,
    );
  }
  let at = 0;
  return groups.map((group) => {
    const shards = files.slice(at, at += group.paths.length) as Uint8Array[];
    return { group, shards: shards.map(unwrapWeights) };
  });
}

/** Read all groups of a manifest, and check that each holds what the manifest says. */
async function readGroups(folder: ModelFolder, groups: readonly WeightsGroup[]): Promise<StoredWeight[]> {
  const read = await readFiles(folder, groups);
  const stored: StoredWeight[] = [];
  for (const { group, shards } of read) {
    const bytes = new JoinedBytes(shards);
    const weights = cut(group.weights, bytes);
    if (weights) {
      stored.push(...weights);
      continue;
    }
    const why = await explain(group, shards, bytes.length);
    const all = read.flatMap(({ group }) => group.weights);
    const isShuffled = cut(all, new JoinedBytes(read.flatMap(({ shards }) => shards))) !== undefined;
    const order = isShuffled ? ", and others make up for it: they are in the wrong order" : "";
    throw new ModelError(`Cannot open model ${quote(folder.name)}: ${why}${order}`);
  }
  return stored;
}

/** Bytes as programs put them into JSON: in base64, as a list, or as Node's Buffer. */
function parseBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof value === "string") {
    try {
      return Uint8Array.fromBase64(value.replace(/^data:[^,]*,/, ""));
    } catch {
      return undefined;
    }
  }
  if (Array.isArray(value)) return Uint8Array.from(value as number[]);
  const { data } = (value ?? {}) as { data?: unknown };
  return data === undefined ? undefined : parseBytes(data);
}

function readInline(folder: ModelFolder, { weightSpecs, weightData }: WeightsJson): StoredWeight[] {
  const specs = parseSpecs(weightSpecs, folder.name);
  const bytes = parseBytes(weightData);
  if (!bytes) {
    throw new ModelError(
      `Cannot open model ${
        quote(folder.name)
      }: its weightData is no bytes: give them in base64, or in files with a weightsManifest`,
    );
  }
  const weights = cut(specs, new JoinedBytes([bytes]));
  if (weights) return weights;
  const expected = specs.reduce((sum, spec) => sum + sizeOf(spec, new Uint8Array()), 0);
  throw new ModelError(
    `Cannot open model ${
      quote(folder.name)
    }: its weightData holds ${bytes.length} bytes, but its weightSpecs say ${expected}`,
  );
}

/**
 * Read the weights of a model.json, from the files beside it or from itself.
 *
 * @throws {ModelError} If files are missing, or hold more or less than is said.
 */
export async function readWeights(folder: ModelFolder, json: WeightsJson): Promise<StoredWeight[]> {
  if (json.weightsManifest === undefined || json.weightsManifest === null) {
    return json.weightSpecs ? readInline(folder, json) : [];
  }
  return await readGroups(folder, parseManifest(json.weightsManifest, folder.name));
}
