import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { testdata } from "../../testing/mod.ts";
import { writeTinyModel } from "../../testing/tiny_model.ts";
import { explainTask } from "./explain_task.ts";

const photo = await Deno.readFile(new URL("photos/chelsea.png", testdata));
const [height, width] = [300, 451];

/** Do something with a small network, and a way to have it explain the photo. */
async function withTask(
  use: (explain: () => ReturnType<typeof explainTask>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  await selectBackend({ backend: "wasm", threads: 1 });
  const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
  const task = {
    model: "tiny",
    photo: { bytes: photo, name: "chelsea.png" },
    photos: {},
    options: {},
    drawing: {},
    renderings: ["overlay"],
    maxAnswerBytes: 1_000_000,
  } as const;
  try {
    await use(() => explainTask(model as unknown as ExplainableModel, task, {}));
  } finally {
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("explainTask() gives pixels back before it answers", async () => {
  const { transfer } = ArrayBuffer.prototype;
  let released = 0;
  ArrayBuffer.prototype.transfer = function (length?: number) {
    if (length === 0) released += this.byteLength;
    return transfer.call(this, length);
  };
  try {
    await withTask(async (explain) => {
      const { parts: [part] } = await explain();
      assertEquals([...part!.content.subarray(1, 4)], [0x50, 0x4e, 0x47]);
    });
  } finally {
    ArrayBuffer.prototype.transfer = transfer;
  }
  const pixels = height * width * 4; // as they are read and kept, and as they are drawn
  assert(released >= 2 * pixels, `${released} bytes`);
  assertEquals(photo[0], 0x89, "The photo's file is the caller's");
});

Deno.test("explainTask() lets WebAssembly's memory be as it is after a few photos", async () => {
  await withTask(async (explain) => {
    const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
    const held = () => [wasm.HEAPU8.buffer.byteLength, tf.memory().numTensors];
    for (let count = 0; count < 5; count++) await explain();
    const before = held();
    for (let count = 0; count < 30; count++) await explain();
    assertEquals(held(), before);
  });
});
