import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import { gradcam } from "../../explain/gradcam.ts";
import { testdata } from "../../testing/mod.ts";
import { writeModel, writeTinyModel } from "../../testing/tiny_model.ts";
import { createEngine, type Engine, type ExplainTask } from "./mod.ts";

const photo = await Deno.readFile(new URL("images/plain.png", testdata));
const always = new AbortController().signal;

/** Asks for everything about the class with the highest score. */
function taskOf(bytes: Uint8Array<ArrayBuffer>, more: Partial<ExplainTask> = {}): ExplainTask {
  return {
    model: "tiny",
    photo: { bytes: bytes.slice(), name: "plain.png" },
    photos: {},
    options: {},
    drawing: {},
    renderings: ["json"],
    maxAnswerBytes: 1_000_000,
    ...more,
  };
}

interface Given {
  readonly workers: number;
  /** What a photo is explained with to try the models. */
  readonly trial?: ExplainTask["options"];
  readonly model?: (folder: string) => Promise<unknown>;
}

/** Do something with an engine, and what it has warned of. */
async function withEngine(
  { workers, model = writeTinyModel, trial = {} }: Given,
  use: (engine: Engine, warnings: string[], folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const warnings: string[] = [];
  const served = { model: await model(folder) as string, preprocess: "unit" as const };
  const engine = createEngine({
    models: new Map([["tiny", served]]),
    workers,
    concurrency: 1,
    trial,
    backend: "wasm",
    threads: 1,
    warn: (message) => void warnings.push(message),
  });
  try {
    await use(engine, warnings, folder);
  } finally {
    await engine.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** A layer that no worker knows of. */
class Halved extends tf.layers.Layer {
  static className = "HalvedByTheCaller";
  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => (Array.isArray(inputs) ? inputs[0]! : inputs).div(2));
  }
}

/** A model with it, as a file. */
async function writeHalved(folder: string): Promise<string> {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [8, 9, 3],
        filters: 4,
        kernelSize: 3,
        activation: "relu",
        name: "conv",
      }),
      new Halved({ name: "halved" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  const path = await writeModel(model, folder);
  model.dispose();
  return path;
}

/** A PNG of as many white pixels, grey, in few bytes. */
async function writePlainPng(height: number, width: number): Promise<Uint8Array<ArrayBuffer>> {
  const { encodePng } = await import("../../input/image/mod.ts");
  return await encodePng({
    data: new Uint8ClampedArray(height * width * 4).fill(255),
    height,
    width,
  }) as Uint8Array<
    ArrayBuffer
  >;
}

Deno.test("createEngine() explains in workers as in this thread", async () => {
  const answers: string[] = [];
  for (const workers of [0, 2]) {
    await withEngine({ workers }, async (engine, warnings) => {
      await engine.ready();
      assertEquals([engine.state.isOpen, engine.state.workers], [true, workers]);
      const all = await Promise.all([1, 2, 3].map(() => engine.explain(taskOf(photo), always)));
      for (const { parts: [part], summary } of all) {
        const { times: _, backend: __, ...json } = JSON.parse(new TextDecoder().decode(part!.content));
        assertEquals([json.layer, json.photoName, summary.layer], ["features", "plain.png", "features"]);
        answers.push(JSON.stringify(json));
      }
      const { inputs, default: layer, labels } = await engine.report("tiny");
      assertEquals([inputs[0]!.shape, layer, labels?.length], [[null, 8, 6, 3], "features", 3]);
      assertEquals(warnings, []);
    });
  }
  assertEquals(new Set(answers).size, 1, "All say the same");
});

Deno.test("createEngine() takes a photo that comes before the models are open for their trial", async () => {
  const trial = { layer: "none" }; // which fails
  await withEngine({ workers: 2, trial }, async (engine) => {
    await assertRejects(() => engine.ready(), Error, "none");
    assertEquals(engine.state.isOpen, false);
  });
  await withEngine({ workers: 2, trial }, async (engine) => {
    const ready = engine.ready();
    const { summary } = await engine.explain(taskOf(photo, { options: { layer: "features" } }), always);
    await ready;
    assertEquals([summary.layer, engine.state.isOpen], ["features", true]);
  });
  await withEngine({ workers: 2, trial }, async (engine) => {
    const ready = assertRejects(() => engine.ready(), Error, "none"); // since no photo was explained
    await assertRejects(() => engine.explain(taskOf(new Uint8Array(99)), always), Error, "Cannot decode");
    await ready;
  });
});

Deno.test("createEngine() passes on what goes wrong, of its own class", async () => {
  await withEngine({ workers: 1 }, async (engine) => {
    const wrong = [
      [taskOf(new Uint8Array(99)), "ImageError", "Cannot decode the image"],
      [taskOf(photo, { options: { layer: "none" } }), "LayerNotFoundError", "none"],
      [taskOf(photo, { options: { classIndex: 7 } }), "RangeError", "classes 0 to 2"],
      [taskOf(photo, { maxAnswerBytes: 10 }), "RangeError", "Cannot answer with 1 maps of"],
    ] as const;
    for (const [task, name, message] of wrong) {
      const error = await assertRejects(() => engine.explain(task, always), Error, message);
      assertEquals(error.name, name);
    }
    await engine.explain(taskOf(photo), always);
    assertEquals(engine.state.replaced, 0);
  });
});

Deno.test("createEngine() ends a worker that does not stop in time, and has another", async () => {
  const large = await writePlainPng(5000, 5000);
  await withEngine({ workers: 1 }, async (engine) => {
    await engine.ready();
    const start = performance.now();
    await assertRejects(() => engine.explain(taskOf(large), AbortSignal.timeout(20)), DOMException);
    const ms = performance.now() - start;
    assert(ms < 10_000, `${ms} ms`);
    assertEquals((await engine.explain(taskOf(photo), always)).summary.layer, "features");
  });
});

Deno.test("createEngine() opens in this thread what workers cannot open", async () => {
  await withEngine(
    { workers: 1, model: (folder) => Promise.resolve(`${folder}/none.json`) },
    async (engine, warnings) => {
      await assertRejects(() => engine.explain(taskOf(photo), always), Error, "no such file");
      await assertRejects(() => engine.ready(), Error, "no such file");
      assertEquals(warnings, []);
    },
  );
  await selectBackend({ backend: "wasm", threads: 1 });
  await withEngine({
    workers: 1,
    model: async (folder) => await loadModel(await writeTinyModel(folder), { preprocess: "unit" }),
  }, async (engine) => {
    assertEquals(engine.state.workers, 0, "An open model is explained here");
    assertEquals((await engine.explain(taskOf(photo), always)).summary.layer, "features");
  });
});

Deno.test("createEngine() goes on in this thread where workers cannot open a layer that it can", async () => {
  tf.serialization.registerClass(Halved);
  await selectBackend({ backend: "wasm", threads: 1 });
  await withEngine({ workers: 1, model: writeHalved }, async (engine, warnings) => {
    const { summary } = await engine.explain(taskOf(photo), always);
    assertEquals([summary.layer, warnings.length, engine.state.workers], ["halved", 1, 0]);
    assertStringIncludes(warnings[0]!, "in the thread that answers, since workers cannot: ");
    await engine.explain(taskOf(photo), always);
    assertEquals(warnings.length, 1);
  });
});

Deno.test("createEngine() gives the library's numbers", async () => {
  await withEngine({ workers: 1 }, async (engine, _, folder) => {
    const { parts: [part] } = await engine.explain(taskOf(photo, { options: { classIndex: 1 } }), always);
    const { maps: [map] } = JSON.parse(new TextDecoder().decode(part!.content));
    const model = await loadModel(`${folder}/model.json`, { preprocess: "unit" });
    const { maps: [expected] } = await gradcam(model, photo, { classIndex: 1 });
    model.dispose();
    assertEquals(map.raw.data, [...expected!.raw.data]);
  });
});
