/**
 * Running ONNX's own tests of single nodes. It is not published.
 *
 * @module
 */
import * as tf from "../../../base/tfjs.ts";
import { countOf } from "../../../base/tensor_info.ts";
import { fuse } from "../../../operations/fuse.ts";
import type { Operation } from "../../../operations/operation.ts";
import { plan } from "../../../operations/plan.ts";
import { bytesSource } from "../../../platform/byte_source.ts";
import { Damage } from "../damaged.ts";
import { isFloat, type Numbers } from "../element_type.ts";
import { Constants } from "../constants.ts";
import { ExternalData } from "../external_data.ts";
import { inlineFunctions } from "../inline.ts";
import { channelsLast, inOrder, storedShape } from "../layout.ts";
import { type ModelProto, readModel, readTensorFile } from "../model_proto.ts";
import { LiveInput } from "../node_context.ts";
import { WindowedBytes } from "../protobuf.ts";
import { openTensor, type StoredTensor } from "../tensor_data.ts";
import { Translation } from "../translation.ts";
import { constantOf, type Live, type Value } from "../value.ts";
import { Weights } from "../weights.ts";

/** A test: a model, what it is given and what it is to give. */
export interface NodeTest {
  readonly name: string;
  readonly model: ModelProto;
  readonly inputs: readonly (StoredTensor | undefined)[];
  readonly outputs: readonly (StoredTensor | undefined)[];
}

/** How what a test gives becomes values: known when the model is opened, or not, stored in their order or channels last. */
export type Form = "constant" | "live" | "channels last";

function readTensor(bytes: Uint8Array): StoredTensor | undefined {
  try {
    return openTensor(readTensorFile(new WindowedBytes(bytesSource(bytes))));
  } catch (error) {
    if (error instanceof Damage) return undefined; // a sequence, or a type that nothing computes with
    throw error;
  }
}

/** The tensors of a data set whose files begin with a name. */
async function readAll(folder: URL, name: string, count: number): Promise<(StoredTensor | undefined)[]> {
  return await Promise.all(Array.from({ length: count }, async (_, at) => {
    try {
      return readTensor(await Deno.readFile(new URL(`${name}_${at}.pb`, folder)));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }));
}

/** Read a test's first data set. */
export async function readTest(folder: URL): Promise<NodeTest> {
  const model = readModel(new WindowedBytes(bytesSource(await Deno.readFile(new URL("model.onnx", folder)))));
  const data = new URL("test_data_set_0/", folder);
  const given = new Set(model.graph.initializers.map(({ name }) => name));
  const count = model.graph.inputs.filter(({ name }) => !given.has(name)).length;
  return {
    name: folder.pathname.split("/").at(-2)!,
    model,
    inputs: await readAll(data, "input", count),
    outputs: await readAll(data, "output", model.graph.outputs.length),
  };
}

function asTensor(stored: StoredTensor, live: Live): tf.Tensor {
  const { kind: { type } } = stored, numbers = stored.read(), shape = [...stored.shape];
  const tensor = isFloat(type)
    ? tf.tensor(Float32Array.from(numbers), shape)
    : type === "bool"
    ? tf.tensor(Uint8Array.from(numbers), shape, "bool")
    : tf.tensor(Int32Array.from(numbers), shape, "int32");
  return live.shape.length > 0 ? tf.transpose(tensor, [...live.axes]) : tensor;
}

/** Whether two numbers are the same but for roundings. */
function isNear(found: number, wanted: number, share: number): boolean {
  if (Number.isNaN(wanted) || !Number.isFinite(wanted)) {
    return Object.is(found, wanted) || Math.abs(found) > 3e38 && Math.sign(found) === Math.sign(wanted);
  }
  return Math.abs(found - wanted) <= 1e-5 + share * Math.abs(wanted);
}

/** What quantised numbers stand for, by the scale and the zero point that a test gives for its result. */
function standingFor(
  test: NodeTest,
  wanted: StoredTensor,
): { numbers: Float32Array; scale: number } | undefined {
  const names = test.model.graph.inputs.map(({ name }) => name);
  const single = (name: RegExp) => {
    const numbers = test.inputs[names.findIndex((one) => name.test(one))]?.read();
    return numbers?.length === 1 ? numbers[0] : undefined;
  };
  const scale = single(/^y_scale$/), zero = single(/^y_zero_point$/) ?? 0;
  return scale === undefined
    ? undefined
    : { scale, numbers: Float32Array.from(wanted.read(), (value) => (value - zero) * scale) };
}

/** Likewise of a value that is computed in float, and was to be quantised. */
function compareInFloat(test: NodeTest, found: Numbers, wanted: StoredTensor): string | undefined {
  const own = standingFor(test, wanted);
  if (!own) throw new Damage("its numbers are quantised, and here they are computed in float");
  const wrong = own.numbers.findIndex((value, at) => !(Math.abs(value - found[at]!) <= 0.51 * own.scale));
  return wrong < 0 ? undefined : `${found[wrong]} for ${own.numbers[wrong]} at ${wrong}`;
}

/** What is wrong with what a test gave; `undefined` where nothing is. */
function compare(
  found: { shape: readonly number[]; numbers: Numbers },
  wanted: StoredTensor,
): string | undefined {
  if (found.shape.join() !== wanted.shape.join()) {
    return `[${found.shape.join()}] for [${wanted.shape.join()}]`;
  }
  const numbers = wanted.read(), share = wanted.kind.type === "bfloat16" ? 1e-2 : 1e-3; // of eight bits
  const wrong = numbers.findIndex((value, at) => !isNear(found.numbers[at]!, value, share));
  return wrong < 0 ? undefined : `${found.numbers[wrong]} for ${numbers[wrong]} at ${wrong}`;
}

/** A value that a model gives, with its axes in their order. */
async function read(
  value: Value,
  run: (live: Live) => tf.Tensor,
): Promise<{ shape: readonly number[]; numbers: Numbers }> {
  if (value.kind === "constant") return { shape: value.shape, numbers: value.read() };
  const tensor = run(value);
  try {
    const shape = storedShape(value);
    if (tensor.shape.join() !== shape.join()) {
      throw new Error(`stored [${tensor.shape.join()}] for [${shape.join()}]`);
    }
    return { shape: value.shape, numbers: await tensor.data() };
  } finally {
    tensor.dispose();
  }
}

/** Translate a test's model, with the inputs that have to be known given as constants. */
function translate(test: NodeTest, form: Form, known: ReadonlySet<string>) {
  const { graph } = test.model;
  const weights = new Weights();
  const translation = new Translation(new Constants(new ExternalData()), weights);
  translation.defineAll(graph.initializers);
  const initial = new Set(graph.initializers.map(({ name }) => name));
  const feeds: { stored: StoredTensor; live: Live }[] = [];
  graph.inputs.filter(({ name }) => !initial.has(name)).forEach(({ name }, at) => {
    const stored = test.inputs[at];
    if (!stored) return;
    const { kind: { type }, shape } = stored;
    if (form === "constant" || known.has(name) || countOf(shape) === 0) {
      translation.define(name, constantOf(type, shape, stored.read()));
      return;
    }
    const axes = form === "channels last" ? channelsLast(shape.length) : inOrder(shape.length);
    const live: Live = { kind: "live", id: name, type, shape, axes };
    translation.define(name, live);
    feeds.push({ stored, live });
  });
  try {
    translation.translate(inlineFunctions(test.model), graph.outputs.map(({ name }) => name));
  } catch (error) {
    tf.dispose(weights.tensors);
    if (error instanceof LiveInput) return sourcesOf(error.id, translation.operations);
    throw error;
  }
  return { translation, weights, feeds };
}

/** The ids of the inputs that a value is computed of. */
function sourcesOf(id: string, operations: readonly Operation[]): string[] {
  const producer = operations.find(({ outputs }) => outputs.includes(id));
  return producer ? producer.inputs.flatMap((input) => sourcesOf(input, operations)) : [id];
}

/** Likewise, finding out which inputs have to be known. */
function translateWithKnown(test: NodeTest, form: Form) {
  const known = new Set<string>();
  while (true) {
    const result = translate(test, form, known);
    if (!Array.isArray(result)) return result;
    const before = known.size;
    for (const name of result) known.add(name);
    if (known.size === before) throw new Damage("it needs a constant that it computes of none of its inputs");
  }
}

/** Run a test. What it returns is wrong; `undefined` where nothing is. What it throws says why it cannot be run. */
export async function runTest(test: NodeTest, form: Form): Promise<string | undefined> {
  const { translation, weights, feeds } = translateWithKnown(test, form);
  const { operations } = translation;
  try {
    for (const [at, { name }] of test.model.graph.outputs.entries()) {
      const wanted = test.outputs[at];
      if (!wanted) continue;
      const value = translation.valueOf(name);
      const own = value.kind === "live" ? translation.stored(value, inOrder(value.shape.length)) : value;
      const found = await read(own, ({ id }) => {
        const given = feeds.map(({ live }) => live.id);
        const values = new Map(
          feeds.map(({ stored, live }) => [live.id, tf.tidy(() => asTensor(stored, live))]),
        );
        try {
          const [result] = plan(fuse(operations, { wanted: [id], mode: "fast" }), given, [id]).run(values);
          return result!;
        } finally {
          tf.dispose([...values.values()]);
        }
      });
      const isQuantised = value.kind === "live" && isFloat(value.type) && !isFloat(wanted.kind.type);
      const isInteger = isQuantised && wanted.kind.type !== "int32";
      const wrong = isInteger ? compareInFloat(test, found.numbers, wanted) : compare(found, wanted);
      if (wrong) return `${name}: ${wrong}`;
    }
    return undefined;
  } finally {
    tf.dispose(weights.tensors);
  }
}
