/**
 * Damaging valid model files, the same way each time, and opening what comes of it. It runs in a worker, so that what
 * hangs can be ended and named. It is not published.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { GradcamError } from "../../base/errors.ts";
import { bytesSource } from "../../platform/byte_source.ts";
import { openArchive } from "../keras/zip.ts";
import { exists, testdata, tryBackend } from "../../testing/mod.ts";
import { loadModel, type ModelSource } from "../mod.ts";
import type { FuzzRequest, FuzzResult } from "./watch.ts";
import { ends, graph, model, small } from "../onnx/testing.ts";
import { type AnyJson, encode, packZip, putTogether, takeApart } from "../testing.ts";

/** Numbers that look random and are the same for a seed. */
export type Random = (bound: number) => number;

/** @param seed A whole number. */
export function seededRandom(seed: number): Random {
  let state = seed * 0x9e3779b9 | 0;
  return (bound) => {
    state = state + 0x6d2b79f5 | 0;
    let value = Math.imul(state ^ state >>> 15, 1 | state);
    value = value + Math.imul(value ^ value >>> 7, 61 | value) ^ value;
    return Math.floor(((value ^ value >>> 14) >>> 0) / 2 ** 32 * bound);
  };
}

/** Bytes that sizes and counts are often wrong by. */
const extremes = [0, 1, 0x7f, 0x80, 0xff];

/** How many bytes at a file's start hold most of what leads to the rest. */
const startSize = 1000;

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Bytes cut short, with some changed, or with some put in or left out. */
export function damageBytes(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const kind = random(10);
  if (kind === 0) return bytes.slice(0, random(bytes.length));
  const at = random(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (kind === 1) return join(before, bytes.subarray(Math.max(0, at - random(64))));
  if (kind === 2) return join(before, after.subarray(random(400)));
  if (kind === 3) return join(before, Uint8Array.from({ length: random(300) }, () => random(256)), after);
  const damaged = bytes.slice();
  for (let change = random(8); change >= 0; change--) {
    if (kind === 4) damaged[random(Math.min(startSize, bytes.length))] = extremes[random(extremes.length)]!;
    else if (kind === 5) damaged[random(bytes.length)] = extremes[random(extremes.length)]!;
    else if (kind === 6) damaged[Math.min(at + change, bytes.length - 1)]! ^= 1 << random(8);
    else damaged[random(bytes.length)]! ^= 1 + random(255);
  }
  return damaged;
}

/** What stands in place of a value, one after another. */
const strangers: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e9,
  2 ** 31,
  1e308,
  "",
  "x",
  "__proto__",
  "constructor",
  [],
  {},
  [null],
  [[[]]],
  { class_name: "Dense" },
  "conv2d",
];

/** All places of a JSON value, as the object or list that holds each, and its key. */
function placesOf(json: AnyJson, places: [AnyJson, string | number][] = []): [AnyJson, string | number][] {
  const keys = Array.isArray(json) ? json.keys().toArray() : Object.keys(json);
  for (const key of keys) {
    places.push([json, key]);
    if (typeof json[key] === "object" && json[key] !== null) placesOf(json[key], places);
  }
  return places;
}

/** JSON with values replaced, left out, doubled or exchanged. */
function damageJson(text: string, random: Random): string {
  const json = JSON.parse(text);
  for (let change = random(3); change >= 0; change--) {
    const places = placesOf(json);
    if (places.length === 0) break;
    const [holder, key] = places[random(places.length)]!;
    const [other, otherKey] = places[random(places.length)]!;
    const kind = random(5);
    if (kind === 0 && Array.isArray(holder)) holder.splice(key as number, 1);
    else if (kind === 0) delete holder[key];
    else if (kind === 1) holder[key] = structuredClone(other[otherKey]);
    else if (kind === 2 && Array.isArray(holder)) holder.push(structuredClone(holder[key as number]));
    else if (kind === 2 && typeof holder[key] === "number") holder[key] *= 1 + random(1000);
    else holder[key] = structuredClone(strangers[random(strangers.length)]);
  }
  return JSON.stringify(json);
}

/** JSON damaged as text, or as what it says. */
function damageText(text: string, random: Random): string {
  return random(4) === 0
    ? new TextDecoder().decode(damageBytes(encode(text), random))
    : damageJson(text, random);
}

/** A way to damage a valid model. */
type Damage = (random: Random) => ModelSource | Promise<ModelSource>;

async function kerasFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(`zoo/${name}`, testdata));
}

/** Damage a file inside an archive, whose checksum is then right again. */
async function insideArchive(
  name: string,
  damaged: string,
  damage: (bytes: Uint8Array, random: Random) => Uint8Array,
): Promise<Damage> {
  const archive = openArchive(bytesSource(await kerasFile(name)), name);
  const entries = archive.names.map((name) => ({ name, content: archive.read(name)! }));
  return (random) =>
    packZip(
      entries.map((entry) =>
        entry.name === damaged ? { ...entry, content: damage(entry.content, random) } : entry
      ),
    );
}

/** Damage the architecture inside an HDF5 file, which keeps its length. */
async function insideH5(name: string): Promise<Damage> {
  const bytes = await kerasFile(name);
  const text = new TextDecoder("latin1").decode(bytes);
  const start = text.indexOf('{"class_name"');
  let end = start;
  for (let depth = 0; end < text.length; end++) {
    if (text[end] === "{") depth++;
    if (text[end] === "}" && --depth === 0) break;
  }
  return (random) => {
    const config = encode(damageText(text.slice(start, end + 1), random)).subarray(0, end + 1 - start);
    const damaged = bytes.slice();
    damaged.fill(0x20, start, end + 1);
    damaged.set(config, start);
    return damaged;
  };
}

async function tfjs(form: "layers" | "graph", network: string): Promise<Record<string, Damage>> {
  const files = putTogether(await takeApart(network, form));
  const text = new TextDecoder().decode(files["model.json"]);
  return {
    [`${form}: model.json`]: (random) => ({ ...files, "model.json": encode(damageText(text, random)) }),
    [`${form}: weights`]: (random) => ({
      ...files,
      "weights.bin": damageBytes(files["weights.bin"]!, random),
    }),
  };
}

/** Any Keras file of the zoo: damaged as it is, or an archive's weights inside it. */
async function anyKerasFile(): Promise<Damage> {
  const names: string[] = [];
  for await (const { name: network, isDirectory } of Deno.readDir(new URL("zoo/", testdata))) {
    for (const file of isDirectory ? ["keras2.h5", "keras3.h5", "keras2.keras", "keras3.keras"] : []) {
      if (await exists(new URL(`zoo/${network}/${file}`, testdata))) names.push(`${network}/${file}`);
    }
  }
  names.sort();
  return async (random) => {
    const name = names[random(names.length)]!;
    const isInside = name.endsWith(".keras") && random(2) === 0;
    if (!isInside) return damageBytes(await kerasFile(name), random);
    return (await insideArchive(name, "model.weights.h5", damageBytes))(random);
  };
}

/** What takes too long for a test: `bench/fuzz.ts` asks for it. */
const longDamages: Readonly<Record<string, () => Promise<Damage>>> = {
  "any Keras file": anyKerasFile,
  "a sound Keras file": async () => {
    const bytes = await kerasFile("transfer/keras3.h5");
    return () => bytes;
  },
};

async function damages(): Promise<Record<string, Damage>> {
  const [keras, k2, k3] = await Promise.all(
    ["transfer/keras3.keras", "sequential/keras2.h5", "teachable/keras3.h5"].map(kerasFile),
  );
  const onnx = model(graph(...small, ...ends));
  return {
    "keras: archive": (random) => damageBytes(keras!, random),
    "keras: architecture": await insideArchive(
      "transfer/keras3.keras",
      "config.json",
      (bytes, random) => encode(damageText(new TextDecoder().decode(bytes), random)),
    ),
    "keras: weights": await insideArchive("sequential/keras2.keras", "model.weights.h5", damageBytes),
    "h5 of Keras 2": (random) => damageBytes(k2!, random),
    "h5 of Keras 2: architecture": await insideH5("transfer/keras2.h5"),
    "h5 of Keras 3": (random) => damageBytes(k3!, random),
    "h5 of Keras 3: architecture": await insideH5("operations/keras3.h5"),
    "onnx": (random) => damageBytes(onnx, random),
    ...await tfjs("layers", "nested_sequential"),
    ...await tfjs("graph", "sigmoid_unit"),
  };
}

/** Open a damaged model; what is wrong with how it went. */
async function tryOne(source: ModelSource): Promise<{ opened: boolean; failure?: string }> {
  const before = tf.memory().numTensors;
  let opened = false;
  try {
    const model = await loadModel(source);
    opened = true;
    try {
      model.split();
    } finally {
      model.dispose();
    }
  } catch (error) {
    const { message, stack, name } = error as Error;
    if (!(error instanceof GradcamError)) return { opened, failure: `${name}: ${message} ${stack}` };
    if (message.includes("\n") || message.length > 600) return { opened, failure: `In one line? ${message}` };
    if (/\[object|Cannot read prop|is not (a function|iterable|defined)/.test(message)) {
      return { opened, failure: `Not for people: ${message}` };
    }
  }
  const left = tf.memory().numTensors - before;
  return left === 0 ? { opened } : { opened, failure: `${left} tensors are left over` };
}

/**
 * Damage models of one kind and open them.
 *
 * @param from The first seed.
 * @param count How many are tried.
 * @param begin Told of each trial before it begins.
 */
export async function fuzz(
  kind: string,
  from: number,
  count: number,
  begin: (kind: string, seed: number) => void,
): Promise<FuzzResult> {
  const damage = await longDamages[kind]?.() ?? (await damages())[kind]!;
  const failures: string[] = [];
  const times: { readonly ms: number; readonly seed: number }[] = [];
  let [refused, opened] = [0, 0];
  for (let seed = from; seed < from + count; seed++) {
    begin(kind, seed);
    const source = await damage(seededRandom(seed));
    const start = performance.now();
    const result = await tryOne(source);
    times.push({ ms: performance.now() - start, seed });
    if (result.failure) failures.push(`seed ${seed}: ${result.failure}`);
    if (result.opened) opened++;
    else refused++;
  }
  times.sort((a, b) => a.ms - b.ms);
  const { ms: slowest, seed: slowestSeed } = times.at(-1)!;
  return { kind, refused, opened, failures, slowest, slowestSeed, median: times[times.length >> 1]!.ms };
}

/** Do what {@linkcode FuzzRequest} says, and tell of each trial and each result. */
async function work({ from, trials, kinds }: FuzzRequest, post: (message: unknown) => void): Promise<void> {
  await tryBackend("cpu");
  const all = Object.keys(await damages());
  for (const [kind, count] of kinds ?? all.map((kind) => [kind, Math.ceil(trials / all.length)] as const)) {
    post({ result: await fuzz(kind, from, count, (kind, seed) => post({ kind, seed })) });
  }
  post({ done: true });
}

/** A worker's own scope, which the types of a document's lack. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<FuzzRequest>) => void) | null;
  postMessage(message: unknown): void;
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data }) => void work(data, (message) => scope.postMessage(message));
}
