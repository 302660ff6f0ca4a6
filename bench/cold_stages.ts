/**
 * One cold run in stages, for `cold_profile.ts`: what `gradcam PHOTO` does, one step after the other, each awaited before
 * the next begins. Prints the milliseconds of each as JSON.
 *
 *     cold_stages.ts STARTED PHOTO OUT
 *
 * STARTED is when the process was asked for, in ms since 1970.
 *
 * @module
 */
const began = performance.timeOrigin + performance.now();
const [started, photo, out] = Deno.args as [string, string, string];
const stages: Record<string, number> = { "process, until the first line runs": began - Number(started) };

/** The stages that an explanation times itself, by its names for them. */
const explainingStages = {
  "reading and decoding the photo": "decode",
  "making the input of it": "prepare",
  "forward pass, the first": "forward",
  "way back and scores": "backward",
};

let last = performance.now();

/** Take the time since the last stage. */
function stage(name: string): void {
  const now = performance.now();
  stages[name] = now - last;
  last = now;
}

await import("../src/cli/main.ts");
stage("modules of the command line");
const tf = await import("@tensorflow/tfjs");
stage("module of TensorFlow.js");
const { selectBackend } = await import("../backends/mod.ts");
await import("../backends/wasm.ts");
stage("modules of backends");
const { loadModel } = await import("../src/formats/mod.ts");
const { gradcam } = await import("../src/explain/gradcam.ts");
stage("modules of formats and of the pipeline");
await selectBackend();
stage("starting the backend");
const model = await loadModel();
stage("opening the model");
const explanation = await gradcam(model, photo);
for (const [name, time] of Object.entries(explainingStages)) stages[name] = explanation.times[time]!;
last = performance.now();
const overlay = await explanation.encode("overlay");
stage("drawing and encoding the overlay");
await Deno.writeFile(out, overlay);
stage("writing the file");
model.dispose();
console.log(
  JSON.stringify({ stages, tfjs: tf.version.tfjs, ended: performance.timeOrigin + performance.now() }),
);
Deno.exit(0);
