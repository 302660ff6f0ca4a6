/**
 * Random networks whose first batch norm is given the statistics of photos, scaled in a known way.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { RgbaImage } from "../src/input/image/types.ts";
import { readImage } from "../src/input/image/read.ts";
import { prepareInput, type Preprocessing, preprocessings } from "../src/input/preprocess.ts";
import { LayersModelAdapter } from "../src/split/layers_model.ts";

/** How many networks are asked. */
const count = 120;

const { tf: signed, unit, torch, caffe, none } = preprocessings;

/** The ways that networks are trained with here. */
const ways: readonly Preprocessing[] = [
  signed,
  unit,
  torch,
  caffe,
  none,
  { name: "centred", mean: [127.5], std: [255] },
  { ...unit, name: "unit-bgr", channels: "bgr" },
  { ...none, name: "none-bgr", channels: "bgr" },
];

/** Numbers from 0 to 1, the same each time. */
function randomNumbers(): () => number {
  let state = 1;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** What stands before the batch norm. */
const beginnings: Readonly<Record<string, (random: () => number) => tf.layers.Layer[]>> = {
  "nothing": () => [],
  "a convolution": (random) => [
    tf.layers.conv2d({ filters: 32, kernelSize: random() < 0.5 ? 3 : 7, strides: 2, padding: "same" }),
  ],
  "a convolution and relu": () => [tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" })],
  "a convolution, relu and a pool": () => [
    tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
  ],
  "two convolutions with relu": () => [
    tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
    tf.layers.conv2d({ filters: 24, kernelSize: 3, activation: "relu" }),
  ],
};

/** A random network. */
interface RandomNetwork {
  readonly side: number;
  readonly channels: number;
  readonly way: Preprocessing;
  readonly layers: readonly tf.layers.Layer[];
}

/** Mean and variance of what comes of photos before the batch norm. */
function statisticsOf(before: tf.LayersModel, photos: readonly RgbaImage[], network: RandomNetwork) {
  const { side, channels, way } = network;
  return tf.tidy(() => {
    const pictures = photos.map((photo) => {
      const size = { height: side, width: side, channels };
      const { data, shape } = prepareInput(photo, size, { preprocessing: way, fit: "squash" });
      return before.predict(tf.tensor4d(data, [...shape])) as tf.Tensor4D;
    });
    const { mean, variance } = tf.moments(tf.concat(pictures), [0, 1, 2]);
    return [mean, variance] as const;
  });
}

/** What is found out about a network. */
async function ask(network: RandomNetwork, photos: readonly RgbaImage[]) {
  const { side, channels, layers } = network;
  const x = tf.input({ shape: [side, side, channels] });
  const last = [tf.layers.activation({ activation: "linear" }), ...layers];
  const before = last.reduce((value, layer) => layer.apply(value) as tf.SymbolicTensor, x);
  const norm = tf.layers.batchNormalization();
  const end = tf.layers.conv2d({ filters: 2, kernelSize: 1 }).apply(norm.apply(before)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: x, outputs: end });
  const [mean, variance] = statisticsOf(tf.model({ inputs: x, outputs: before }), photos, network);
  tf.tidy(() => norm.setWeights([...norm.getWeights().slice(0, 2), mean, variance]));
  tf.dispose([mean, variance]);
  const [found] = await new LayersModelAdapter(model).pixelEvidence();
  model.dispose();
  return found;
}

/** How many are right and sure, right, wrong in the order of colours alone, wrong with a warning, and wrong. */
type Counts = [number, number, number, number, number];

/**
 * Ask random networks, and sum up how many are seen rightly.
 *
 * @param folder Where photos lie.
 * @returns A section of the page.
 */
export async function askRandomNetworks(folder: string): Promise<string> {
  const random = randomNumbers();
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).filter((name) =>
    /\.jpe?g$/i.test(name)
  ).sort();
  const photos = await Promise.all(names.map((name) => readImage(`${folder}/${name}`, {})));
  const table = new Map<string, Counts>();
  for (let index = 0; index < count; index++) {
    const channels = random() < 0.2 ? 1 : 3;
    const way = pick(
      ways.filter(({ channels: order, name }) => channels === 3 || (!order && name !== "torch")),
    );
    const kind = pick(Object.keys(beginnings));
    const network = { side: pick([48, 64, 96, 160, 224]), channels, way, layers: beginnings[kind]!(random) };
    const found = await ask(network, photos);
    const said = found?.preprocessing.name.replace(/-bgr$/, ""), isSure = found?.isSure ?? false;
    const isRight = found?.preprocessing.name === way.name, isOrder = said === way.name.replace(/-bgr$/, "");
    const counts = table.get(kind) ?? [0, 0, 0, 0, 0];
    counts[isRight ? isSure ? 0 : 1 : isOrder ? 2 : isSure ? 4 : 3]++;
    table.set(kind, counts);
  }
  const rows = [...table].sort().map(([kind, counts]) => `| ${[kind, ...counts].join(" | ")} |`);
  return `
## Random networks

${count} networks with random weights, 48 to 224 pixels a side, in grey and in colour, whose first batch norm was given the
statistics of ${photos.length} photos, scaled in one of ${ways.length} ways.

| before the batch norm | right and sure | right, with a warning | right but for the order of colours | wrong, with a warning | wrong |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
