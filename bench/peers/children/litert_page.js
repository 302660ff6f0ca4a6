/**
 * What runs in the browser: LiteRT.js, with a network and a photo open. The child that opened the page calls it.
 */
const library = "/litert/dist/index.js"; // which the page's server has

const threads = Number(new URL(location.href).searchParams.get("threads"));

async function bytesOf(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function open() {
  if (!crossOriginIsolated) throw new Error("the page is not isolated: there can be no threads");
  const { loadAndCompile, loadLiteRt, Tensor } = await import(library);
  await loadLiteRt("/litert/wasm/", { threads: threads > 1 });
  const model = await loadAndCompile(await bytesOf("/model.tflite"), {
    accelerator: "wasm",
    cpuOptions: { numThreads: threads },
  });
  const pixels = new Float32Array((await bytesOf("/input.f32")).buffer);
  const picture = new Tensor(pixels, [1, 224, 224, 3]);
  return async () => {
    const [output] = await model.run([picture]);
    const values = output.toTypedArray(); // [1, classes]
    output.delete();
    return values;
  };
}

async function milliseconds(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Resolves to what can be asked for; set before anything is waited for, since a page has loaded before its modules have. */
globalThis.opened = open().then((run) => ({
  async scores() {
    return [...await run()];
  },
  async times({ warmMs, times }) {
    for (let spent = 0; spent < warmMs || spent === 0;) spent += await milliseconds(run);
    const results = [];
    while (results.length < times) results.push(await milliseconds(run));
    return results;
  },
}));
