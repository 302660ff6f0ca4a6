/** Layers models as people export and repair them by hand, and models for batches of one size: all give the same scores. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { ModelError } from "../base/errors.ts";
import { bytesSource } from "../platform/byte_source.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import { withFreeBatch } from "./keras/free_batch.ts";
import { openArchive } from "./keras/zip.ts";
import { loadModel, type ModelSource } from "./mod.ts";
import { type AnyJson, putTogether, takeApart, type TestWeight } from "./testing.ts";

const zoo = new URL("zoo/transfer/", testdata);
const golden = JSON.parse(await Deno.readTextFile(new URL("golden.json", zoo)));
const input = (await Deno.readFile(new URL("input.f32", zoo))).buffer;
const archive = openArchive(
  bytesSource(await Deno.readFile(new URL("keras3.keras", zoo))),
  "keras3.keras",
);
/** A network of Keras 3 with another inside it, and its weights. */
const config: AnyJson = JSON.parse(new TextDecoder().decode(archive.read("config.json")));
const h5 = archive.read("model.weights.h5")!;
const { weights } = await takeApart("transfer", "layers");

async function givesTheScores(source: ModelSource, shape: readonly (number | null)[]): Promise<void> {
  await leavingNoTensors(async () => {
    const model = await loadModel(source);
    const x = tf.tensor4d(new Float32Array(input), golden.inputShape);
    const scores = model.predict(x);
    const values = [...await scores.data()];
    tf.dispose([x, scores]);
    assertEquals(model.inputs[0]!.shape, shape);
    model.dispose();
    values.forEach((value, index) => assertAlmostEquals(value, golden.outputs[0].values[index], 1e-5));
  });
}

/** An object and all inside it with its entries changed. */
function mapEntries(value: AnyJson, change: (key: string, item: AnyJson) => [string, AnyJson]): AnyJson {
  if (Array.isArray(value)) return value.map((item) => mapEntries(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const [changed, inner] = change(key, item);
      return [changed, mapEntries(inner, change)];
    }),
  );
}

function renamed(from: string, to: string): AnyJson {
  return mapEntries(config, (key, item) => [key === from ? to : key, item]);
}

function camel(key: string): string {
  return key.startsWith("__") ? key : key.replaceAll(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** Uses as Keras 2 lists them, those of nested models counted from 0 as Keras 3 does. */
function listed(value: AnyJson): AnyJson {
  return mapEntries(value, (key, item) => {
    if (key !== "inbound_nodes" || !item.some(({ args }: AnyJson) => args)) return [key, item];
    return [
      key,
      item.map(({ args, kwargs }: AnyJson) =>
        args.flat(Infinity).map((tensor: AnyJson) => [...tensor.config.keras_history, kwargs])
      ),
    ];
  });
}

function wrapped(depth: number): AnyJson {
  return mapEntries(config, (key, item) => {
    if (key !== "inbound_nodes" || item.length === 0) return [key, item];
    return [key, depth === 1 ? [item] : item.map((use: AnyJson) => [[use]])];
  });
}

const topologies: Record<string, AnyJson> = {
  "as Keras 3 writes it": config,
  "batch_input_shape": renamed("batch_shape", "batch_input_shape"),
  "batchInputShape": renamed("batch_shape", "batchInputShape"),
  "batchShape": renamed("batch_shape", "batchShape"),
  "a shape without the batch": mapEntries(
    config,
    (key, item) => key === "batch_shape" ? ["input_shape", item.slice(1)] : [key, item],
  ),
  "all keys as in JavaScript": mapEntries(config, (key, item) => [camel(key), item]),
  "a list around the uses": wrapped(1),
  "two lists around each use": wrapped(2),
  "uses in lists": listed(config),
  "uses in lists, keys as in JavaScript": mapEntries(listed(config), (key, item) => [camel(key), item]),
  "types as names": mapEntries(
    config,
    (key, item) => [key, key === "dtype" ? item?.config?.name ?? item : item],
  ),
};

const wrappers: Record<string, (topology: AnyJson) => AnyJson> = {
  "in model_config": (topology) => ({ keras_version: "3.15.1", model_config: topology }),
  "bare": (topology) => topology,
  "as text": (topology) => JSON.stringify({ model_config: JSON.stringify(topology) }),
};

Deno.test("loadModel() reads layers models that were repaired by hand", async (t) => {
  await tryBackend("cpu");
  for (const [name, topology] of Object.entries(topologies)) {
    for (const [where, wrap] of Object.entries(wrappers)) {
      await t.step(
        `${name}, ${where}`,
        () =>
          givesTheScores(putTogether({ json: { modelTopology: wrap(topology) }, weights }), [
            null,
            12,
            16,
            3,
          ]),
      );
    }
  }
});

/** The last part of a weight's name. */
function ownName({ name }: TestWeight): string {
  return name.split("/").at(-1)!;
}

Deno.test("loadModel() finds a layers model's weights under other names and in another order", async (t) => {
  await tryBackend("cpu");
  const json = { modelTopology: config };
  const rows: Record<string, readonly TestWeight[]> = {
    "the model's name before": weights.map((weight) => ({ ...weight, name: `transfer_1/${weight.name}` })),
    "numbers behind": weights.map((weight) => ({ ...weight, name: `${weight.name}:0` })),
    "turned round": weights.toReversed(),
    "by their own names": weights.toSorted((a, b) => ownName(a) < ownName(b) ? -1 : 1),
  };
  for (const [name, weights] of Object.entries(rows)) {
    await t.step(name, () => givesTheScores(putTogether({ json, weights }), [null, 12, 16, 3]));
  }
  await t.step("not by names that are none of its own", async () => {
    const others = weights.map((weight, index) => ({ ...weight, name: `w${index}` }));
    await assertRejects(
      () => loadModel(putTogether({ json, weights: others })),
      ModelError,
      'its weights hold "w0" for no layer of its architecture',
    );
  });
});

Deno.test("loadModel() opens a model for batches of one size for one photo", async (t) => {
  await tryBackend("cpu");
  const batches = (key: string) =>
    mapEntries(config, (name, item) => name === "batch_shape" ? [key, [32, ...item.slice(1)]] : [name, item]);
  for (const key of ["batch_shape", "batch_input_shape", "batchInputShape"]) {
    const topology = batches(key);
    assert(JSON.stringify(topology).includes(`"${key}":[32`));
    await t.step(
      `a layers model, ${key}`,
      () => givesTheScores(putTogether({ json: { modelTopology: topology }, weights }), [null, 12, 16, 3]),
    );
  }
  await t.step("Keras's own", () =>
    givesTheScores(
      { "a.json": new Blob([JSON.stringify(batches("batch_shape"))]), "a.weights.h5": h5 },
      [null, 12, 16, 3],
    ));
});

Deno.test("withFreeBatch() puts one picture where operations count on the number of them", () => {
  const free = (model: AnyJson) => withFreeBatch(model, JSON.stringify(model));
  const tensor = {
    class_name: "__keras_tensor__",
    config: { shape: [6, 4, 5, 2], keras_history: ["a", 0, 0] },
  };
  const operation = (config: object, ...nodes: unknown[]) => ({ config, inbound_nodes: nodes });
  const input = { config: { batch_shape: [6, 4, 5, 3] } };
  const reshape = operation({ newshape: [6, -1] }, { args: [tensor], kwargs: {} });
  assertEquals(free({ layers: [input, reshape] }), {
    layers: [
      { config: { batch_shape: [1, 4, 5, 3] } },
      operation({ newshape: [1, -1] }, { args: [tensor], kwargs: {} }),
    ],
  });
  const listed = operation({ function: "reshape" }, [["a", 0, 0, { shape: [6, 40] }]]);
  assertEquals(free({ layers: [{ config: { batch_input_shape: [6, 4, 5, 3] } }, listed] }), {
    layers: [
      { config: { batch_input_shape: [1, 4, 5, 3] } },
      operation({ function: "reshape" }, [["a", 0, 0, { shape: [1, 40] }]]),
    ],
  });
  const others = operation({ stateful: true, target_shape: [6, 40] }, { args: [tensor], kwargs: {} });
  const build = { build_config: { input_shape: [6, 4, 5, 3], shape: [6] } };
  assertEquals(free({ layers: [input, others, build] }), {
    layers: [
      { config: { batch_shape: [null, 4, 5, 3] } },
      operation({ stateful: false, target_shape: [6, 40] }, { args: [tensor], kwargs: {} }),
      { build_config: { input_shape: [null, 4, 5, 3], shape: [6] } },
    ],
  });
  const single = { layers: [{ config: { batch_shape: [1, 4, 5, 3] } }] };
  assert(free(single) === single);
});
