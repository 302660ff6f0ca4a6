/** Keras models in two files, an architecture in JSON and weights in HDF5, wherever they lie. */
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { ModelError } from "../base/errors.ts";
import { bytesSource } from "../platform/byte_source.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import { openArchive } from "./keras/zip.ts";
import { loadModel, type LoadModelOptions, type ModelSource } from "./mod.ts";
import { encode, type Files } from "./testing.ts";

/** A network of the zoo, and what it says of its input. */
const zoo = new URL("zoo/transfer/", testdata);
const golden = JSON.parse(await Deno.readTextFile(new URL("golden.json", zoo)));
const keras3 = await Deno.readFile(new URL("keras3.keras", zoo));
const inside = openArchive(bytesSource(keras3), "keras3.keras");
const read = (name: string) => inside.read(name)!;
/** What `to_json()` and `save_weights()` of Keras 3 write. */
const json = read("config.json");
const weights = read("model.weights.h5");
const whole = await Deno.readFile(new URL("keras2.h5", zoo));
/** Two halves that do not go with the others. */
const otherJson = await Deno.readFile(new URL("keras1/branches.json", testdata));
const otherWeights = await Deno.readFile(new URL("keras1/branches_weights.h5", testdata));

const values = (await Deno.readFile(new URL("input.f32", zoo))).buffer;
const [{ values: expected }]: [{ values: readonly number[] }] = golden.outputs;

/** Open a model, and hold it to the scores of the whole one. */
async function opens(
  source: ModelSource,
  options: LoadModelOptions = {},
  format = "keras-json",
): Promise<void> {
  await leavingNoTensors(async () => {
    const model = await loadModel(source, options);
    const x = tf.tensor4d(new Float32Array(values), golden.inputShape);
    const scores = model.predict(x);
    const given = [...await scores.data()];
    tf.dispose([x, scores]);
    model.dispose();
    assertEquals(model.format, format);
    given.forEach((value, index) => assertAlmostEquals(value, expected[index]!, 1e-5));
  });
}

async function refuses(source: ModelSource, message: string, options: LoadModelOptions = {}): Promise<void> {
  await leavingNoTensors(async () => {
    const error = await assertRejects(() => loadModel(source, options), ModelError, message);
    assertEquals((error as Error).message.split("\n").length, 1);
  });
}

/** Do something with a folder that holds files. */
async function withFiles(files: Files, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "with space " });
  try {
    for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** JSON as `json.dump(model.to_json(), file)` writes it. */
const quoted = encode(JSON.stringify(new TextDecoder().decode(json)));

/** Halves by the names that people give them. */
const pairs: Record<string, Files> = {
  "the names of Keras 3": { "config.json": json, "model.weights.h5": weights },
  "model and weights": { "model.json": json, "weights.h5": weights },
  "one name": { "cnn.json": json, "cnn.h5": weights },
  "one name, and what the half is": { "cnn.json": json, "cnn_weights.h5": weights },
  "one name, each with what it is": { "cnn_architecture.json": json, "cnn_weights.h5": weights },
  "one name in capitals": { "CNN.json": json, "cnn.weights.H5": weights },
  "no name in common": { "net.json": json, "epoch-40.hdf5": weights },
  "a whole model for its weights": { "net.json": json, "net.h5": whole },
  "JSON quoted twice": { "model.json": quoted, "model_weights.h5": weights },
  "among other files": {
    "model.json": json,
    "model.weights.h5": weights,
    "labels.txt": encode("a\nb\nc\nd\ne\nf"),
    "history.json": encode('{"loss": [1, 0.5]}'),
    "README.md": encode("#"),
  },
};

Deno.test("loadModel() opens an architecture in JSON with its weights", async (t) => {
  await tryBackend("cpu");
  for (const [name, files] of Object.entries(pairs)) {
    const [architecture, h5] = Object.keys(files) as [string, string];
    const format = files[h5] === whole ? "keras-h5" : "keras-json"; // which is opened as it is, unless the other is named
    await t.step(`${name}, as files`, () => opens(files, {}, format));
    await t.step(`${name}, as chosen Files`, () => {
      const chosen = Object.entries(files).map(([name, bytes]) => new File([bytes], name));
      return opens(chosen.reverse(), {}, format);
    });
    await t.step(`${name}, in a folder and by each name`, () =>
      withFiles(files, async (folder) => {
        for (const source of [folder, `${folder}/`, `${folder}/${h5}`]) await opens(source, {}, format);
        await opens(`${folder}/${architecture}`);
        await opens(new URL(`file://${encodeURI(`${folder}/${architecture}`)}`));
      }));
  }
});

Deno.test("loadModel() takes the weights that are named", async (t) => {
  await tryBackend("cpu");
  const files = { "a.json": json, "w/b.h5": weights, "w/c.h5": otherWeights };
  await withFiles(
    { "a.json": json, "b.h5": weights, "c.h5": otherWeights, "z.keras": keras3 },
    async (folder) => {
      const forms: Record<string, LoadModelOptions["weights"]> = {
        "a path": `${folder}/b.h5`,
        "a URL": new URL(`file://${encodeURI(folder)}/b.h5`),
        "bytes": weights,
        "a Blob": new Blob([weights]),
        "an archive": `${folder}/z.keras`,
        "a whole model": whole,
      };
      for (const [name, given] of Object.entries(forms)) {
        await t.step(name, () => opens(`${folder}/a.json`, { weights: given }));
      }
      await t.step("in place of a whole model's own", async () => {
        await opens(whole, { weights }, "keras-h5");
        await opens(keras3, { weights: whole }, "keras-zip");
        await opens(new URL("layers/model.json", zoo), { weights }, "tfjs-layers");
      });
      await t.step("several beside it", () =>
        refuses(
          `${folder}/a.json`,
          'it holds an architecture but no weights, which may be in "b.h5", "c.h5": name one with weights (--weights)',
        ));
      await t.step(
        "those of another network",
        () => refuses(`${folder}/a.json`, "it has no weights for layer", { weights: otherWeights }),
      );
      await t.step(
        "no such file",
        () =>
          refuses(`${folder}/a.json`, `Cannot open weights "${folder}/d.h5": no such file`, {
            weights: `${folder}/d.h5`,
          }),
      );
      await t.step(
        "what is no HDF5",
        () =>
          refuses(json, 'Cannot open weights "bytes": they are no HDF5 file', { weights: encode("weights") }),
      );
      await t.step(
        "a graph's",
        () =>
          refuses(new URL("graph/model.json", zoo), "it is a converted graph, which takes its own alone", {
            weights,
          }),
      );
    },
  );
  await t.step("an open model's", async () => {
    const model = await loadModel(whole);
    await assertRejects(
      () => loadModel(model, { weights }),
      TypeError,
      "Cannot give other weights to an open model",
    );
    model.dispose();
  });
  await t.step(
    "in another folder of files, where they are the only ones",
    () => opens({ "a.json": files["a.json"], "w/b.h5": weights }),
  );
});

Deno.test("loadModel() tries usual names at an address", async (t) => {
  await tryBackend("cpu");
  const answers: Files = { "/m/net.json": json, "/m/net_weights.h5": weights, "/alone.json": json };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const content = answers[new URL(request.url).pathname];
    return content ? new Response(content) : new Response("<!doctype html>"); // as apps answer what is not there
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  try {
    await t.step("of the weights", () => opens(`${origin}/m/net.json`));
    await t.step("of the architecture", () => opens(`${origin}/m/net_weights.h5`));
    await t.step(
      "named by its address",
      () => opens(`${origin}/alone.json`, { weights: `${origin}/m/net_weights.h5` }),
    );
    await t.step(
      "that are not there",
      () =>
        refuses(
          `${origin}/alone.json`,
          "it holds an architecture but no weights: name the .h5 that holds them",
        ),
    );
  } finally {
    await server.shutdown();
  }
});

Deno.test("loadModel() says which half of a Keras model is missing", async (t) => {
  await tryBackend("cpu");
  const rows: Record<string, [ModelSource, string]> = {
    "weights, as bytes": [
      json,
      "it holds an architecture but no weights: name the .h5 that holds them with weights",
    ],
    "weights, quoted twice": [quoted, "it holds an architecture but no weights"],
    "weights, among files": [
      { "model.json": json, "a.txt": encode("a") },
      "it holds an architecture but no weights",
    ],
    "an architecture": [
      weights,
      "it holds weights but no architecture: save the whole model with model.save()",
    ],
    "an architecture, of Keras 1": [otherWeights, "it holds weights but no architecture"],
    "an architecture, among files": [
      { "weights.h5": weights, "history.json": encode('{"config": 1}') },
      "it holds weights but no architecture",
    ],
    "one of several architectures": [
      { "w.h5": weights, "a.json": json, "b.json": otherJson },
      'it holds weights but no architecture, which may be in "a.json", "b.json"',
    ],
    "one that is not YAML": [
      encode("backend: tensorflow\nclass_name: Sequential\nconfig:\n"),
      "it is a Keras architecture in YAML",
    ],
    "one that is not YAML of Keras 1": [
      encode("class_name: Model\nconfig:\n  input_layers:\n"),
      "it is a Keras architecture in YAML",
    ],
  };
  for (const [name, [source, message]] of Object.entries(rows)) {
    await t.step(name, () => refuses(source, message));
  }
});
