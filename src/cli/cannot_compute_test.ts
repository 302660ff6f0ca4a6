import { assertEquals, assertMatch } from "@std/assert";
import { createHandler } from "../server/mod.ts";
import { attributes, graphFiles, node, placeholder } from "../testing/graph.ts";
import { testdata, tryBackend } from "../testing/mod.ts";
import { runMain, withTempDir } from "./testing.ts";

const photo = new URL("images/plain.png", testdata);

/** A graph of a Fourier transform, which WebAssembly does not have. */
const graph = graphFiles({
  nodes: [
    placeholder("picture", [-1, 8, 6, 3]),
    node("Complex", "complex", ["picture", "zero"], { Tout: { type: "DT_COMPLEX64" } }),
    { name: "transform", op: "FFT", input: ["complex"], attr: { Tcomplex: { type: "DT_COMPLEX64" } } },
    { name: "real", op: "Real", input: ["transform"], attr: { Tout: attributes.float } },
    node("Relu", "relu", ["real"]),
    node("Mean", "scores", ["relu", "axes"], { keep_dims: { b: false } }),
    node("Softmax", "out", ["scores"]),
  ],
  weights: {
    axes: { shape: [2], values: [1, 2], dtype: "int32" },
    zero: { shape: [1, 8, 6, 3], values: new Array(144).fill(0) },
  },
  outputs: ["out"],
});

const line =
  /^gradcam: Cannot run "complex" on wasm: Kernel 'Complex' not registered for backend 'wasm': try backend cpu \(option "backend", --backend cpu\)\n$/;

Deno.test("the commands and the service name a backend that can compute a model", async (t) => {
  await withTempDir(async (folder) => {
    for (const [name, bytes] of Object.entries(graph)) await Deno.writeFile(`${folder}/${name}`, bytes);
    const wasm = ["--backend", "wasm", "--threads", "1"];
    const explain = [photo.pathname, "-m", folder, "--save", "none", "--preprocess", "unit"];
    for (
      const [name, args] of Object.entries({
        explain,
        layers: ["layers", folder],
        inspect: ["inspect", folder],
      })
    ) {
      await t.step(name, async () => {
        const refused = await runMain([...args, ...wasm]);
        assertEquals(refused.code === 0, false);
        assertMatch(refused.stderr.text, line);
        const done = await runMain([...args, "--backend", "cpu"]);
        assertEquals([done.code, done.stderr.text.includes("Cannot")], [0, false]);
      });
    }
    await t.step("the service", async () => {
      const told: unknown[] = [];
      const options = {
        model: folder,
        preprocess: "unit",
        onError: (error: unknown) => told.push(error),
      } as const;
      const body = await Deno.readFile(photo);
      const ask = (backend: "wasm" | "cpu", path: string, init: RequestInit) =>
        createHandler({ ...options, backend })(new Request(`http://localhost${path}`, init));
      for (const [path, init] of [["/explain", { method: "POST", body }], ["/layers", {}]] as const) {
        const refused = await ask("wasm", path, init);
        const { title, detail } = await refused.json();
        assertEquals([refused.status, title], [501, "Not Implemented"]);
        assertMatch(`gradcam: ${detail}\n`, line);
        const done = await ask("cpu", path, init);
        await done.body?.cancel();
        assertEquals(done.status, 200);
      }
      assertEquals(told.length, 2, "The operator is told too");
    });
  });
  await tryBackend("cpu");
});
