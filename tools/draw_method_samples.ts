/**
 * What methods draw at random, for `make_method_goldens.py`: masks, superpixels and noise as the methods themselves make them, seen at
 * a place that notes what it is asked for.
 *
 *     deno run --allow-read --allow-write=FOLDER --allow-env tools/draw_method_samples.ts FOLDER REQUESTS
 *
 * REQUESTS is JSON, `[{ name, file, shape, settings }]`: a photo's numbers `[1, H, W, C]`, little-endian float32. For each are
 * written `NAME.masks.f32` `[n, H, W]`, `NAME.labels.f32` `[H, W]`, `NAME.shown.f32` `[n, H, W]` and
 * of each method of noisy photos `NAME.METHOD.f32` `[n, H, W, C]`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { randomNumbers } from "../src/explain/random.ts";
import { findMethod } from "../src/methods/mod.ts";
import type { Place, Probe } from "../src/methods/probe.ts";
import type { MethodSettings } from "../src/methods/settings.ts";
import { findSuperpixels } from "../src/methods/superpixels.ts";
import { readFloats } from "../src/testing/mod.ts";

/** Whose draws are asked for. */
interface DrawRequest {
  readonly name: string;
  readonly file: string;
  readonly shape: [number, number, number, number];
  readonly settings: MethodSettings;
}

function join(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

/** What a method runs the model on, when it looks at a photo. */
async function askedBy(name: string, x: tf.Tensor4D, settings: MethodSettings): Promise<Float32Array> {
  const method = findMethod(name);
  const asked: Float32Array[] = [];
  const see = async (batch: tf.Tensor) => {
    asked.push(await batch.data() as Float32Array);
  };
  const runs = async (count: number, make: Parameters<Place["values"]>[1]) => {
    const batch = await make(0, count);
    await see(batch);
    batch.dispose();
    return new Float32Array(count);
  };
  const picture: Pick<Place, "activation" | "values" | "gradientAt"> = {
    activation: () => Promise.resolve(x),
    values: runs,
    async gradientAt(noisy) {
      await see(noisy);
      return { value: 0, gradient: tf.zerosLike(noisy) };
    },
  };
  const probe: Partial<Probe> = {
    tf,
    picture: picture as Place,
    settings: { ...method.settings, ...settings },
    baseline: () => Promise.resolve(tf.zerosLike(x)),
    random: (of = "") => randomNumbers(settings.seed ?? 0, `${name} ${of}`),
    pause: () => Promise.resolve(),
  };
  const { map } = await method.map(probe as Probe);
  map.dispose();
  return join(asked);
}

/** Noise that is 1 wide, of a photo that is 0 but for a corner. */
async function drawNoise(method: string, { shape, settings }: DrawRequest): Promise<Float32Array> {
  const numbers = new Float32Array(shape.reduce((a, b) => a * b));
  numbers[0] = 1;
  const x = tf.tensor4d(numbers, shape);
  const asked = await askedBy(method, x, { ...settings, noise: 1 });
  return asked.map((value, at) => at % numbers.length === 0 ? value - 1 : value);
}

const [folder, requests] = Deno.args as [string, string];
await selectBackend({ backend: "cpu" });
const write = (name: string, data: Float32Array) =>
  Deno.writeFile(`${folder}/${name}.f32`, new Uint8Array(data.buffer));
for (const request of JSON.parse(requests) as DrawRequest[]) {
  const { name, file, shape, settings } = request;
  const [, height, width, channels] = shape;
  const data = await readFloats(new URL(file, `file://${Deno.cwd()}/`));
  const white = tf.ones([1, height, width, 1]) as tf.Tensor4D;
  await write(`${name}.masks`, await askedBy("rise", white, settings));
  const pause = () => Promise.resolve();
  const { segments = 50 } = settings;
  const { labels } = await findSuperpixels({ data, height, width, channels }, { segments, pause });
  await write(`${name}.labels`, Float32Array.from(labels));
  // Superpixels are those of the photo: its own numbers where they are seen, 0 where they are hidden.
  const x = tf.tensor4d(data, shape);
  const seen = await askedBy("lime", x, { ...settings, baseline: "black" });
  const pixels = height * width;
  const shown = Float32Array.from(
    { length: seen.length / channels },
    (_, at) => seen[at * channels] === data[at % pixels * channels] ? 1 : 0,
  );
  await write(`${name}.shown`, shown);
  for (const method of ["smoothgrad", "smoothgradsquared", "vargrad"]) {
    await write(`${name}.${method}`, await drawNoise(method, request));
  }
}
