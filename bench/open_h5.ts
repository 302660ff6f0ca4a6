/**
 * How long a large Keras file takes to open, and the peak of memory: `deno run --allow-all bench/open_h5.ts FILE [RUNS]`.
 * Each run is a process of its own, since memory only grows. ResNet50.k3.h5, 95 MB, is made by
 * `tools/make_keras_applications.py`.
 *
 * @module
 */
const [file, runs = "5"] = Deno.args;
if (file === undefined) {
  console.error("Usage: deno run --allow-all bench/open_h5.ts FILE [RUNS]");
  Deno.exit(2);
}
const module = new URL("../mod.ts", import.meta.url).href;
const script = `
  import { loadModel, selectBackend } from ${JSON.stringify(module)};
  await selectBackend({ backend: "wasm" });
  const before = performance.now();
  const model = await loadModel(${JSON.stringify(await Deno.realPath(file))});
  const ms = performance.now() - before;
  const peak = /VmHWM:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
  console.log(JSON.stringify({ ms, peak: Number(peak) * 1024 / 1e6, format: model.format }));
  Deno.exit();
`;
const size = (await Deno.stat(file)).size / 1e6;
const results: { ms: number; peak: number; format: string }[] = [];
for (let run = 0; run < Number(runs); run++) {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, script);
    const config = new URL("../deno.json", import.meta.url).pathname;
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", `--config=${config}`, path],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    results.push(JSON.parse(new TextDecoder().decode(stdout)));
  } finally {
    await Deno.remove(path);
  }
}
const times = results.map(({ ms }) => ms).sort((a, b) => a - b);
const peak = Math.max(...results.map((result) => result.peak));
console.log(
  `${file}, ${size.toFixed(0)} MB, ${results[0]!.format}: median ${
    times[times.length >> 1]!.toFixed(0)
  } ms, ` +
    `peak of the process ${peak.toFixed(0)} MB, ${(peak / size).toFixed(1)} times the file`,
);
