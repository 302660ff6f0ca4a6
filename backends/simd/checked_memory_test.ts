import { assertEquals, assertMatch } from "@std/assert";

/**
 * Explains a photo in an isolate of its own, whose memory stays as large as it has become: with so much of it left, and then
 * with all of it. Answers what became of it.
 */
const program = `
  import * as tf from "${new URL("../../src/base/tfjs.ts", import.meta.url)}";
  import { selectBackend } from "${new URL("../mod.ts", import.meta.url)}";
  import { loadModel } from "${new URL("../../src/formats/mod.ts", import.meta.url)}";
  import { gradcam } from "${new URL("../../src/explain/gradcam.ts", import.meta.url)}";
  onmessage = async ({ data: { threads, left, layer, photo } }) => {
    await selectBackend({ backend: "wasm", threads });
    const model = await loadModel();
    await gradcam(model, photo);
    const { wasm } = tf.backend();
    const held = [];
    const spare = wasm._malloc(left);
    for (let size = 2 ** 26; size > 2 ** 9; size /= 8) {
      try { while (true) held.push(wasm._malloc(size)); } catch { /* and now smaller ones */ }
    }
    wasm._free(spare);
    const { numTensors } = tf.memory();
    const outcome = await gradcam(model, photo, { layer }).then(({ label }) => label, (error) => error.name + ": " + error.message);
    const leftOver = tf.memory().numTensors - numTensors;
    for (const address of held) wasm._free(address);
    const { label } = await gradcam(model, photo, { layer });
    postMessage({ outcome, leftOver, label });
  };
`;

/** What became of an explanation with little memory left, and after that. */
interface Outcome {
  readonly outcome: string;
  readonly leftOver: number;
  readonly label: string;
}

async function explainIn(options: { threads: number; left: number; layer: string }): Promise<Outcome> {
  const photo = await Deno.readFile(new URL("../../testdata/photos/chelsea.png", import.meta.url));
  const location = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const worker = new Worker(location, { type: "module" });
  try {
    worker.postMessage({ ...options, photo });
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(location);
  }
}

for (const threads of [1, 2]) {
  Deno.test(`memory that is full is said to be, and serves again when there is some, with ${threads} threads`, async () => {
    for (
      const { left, layer } of [{ left: 2e6, layer: "block11_project_conv" }, {
        left: 10e6,
        layer: "stem_conv",
      }]
    ) {
      const { outcome, leftOver, label } = await explainIn({ threads, left, layer });
      assertMatch(outcome, /^RangeError: WebAssembly has no memory left for \d+ bytes/);
      assertEquals([leftOver, label], [0, "Egyptian cat"]);
    }
  });
}
