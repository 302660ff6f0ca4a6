import type { RgbaImage } from "./image/types.ts";
import type { Planes } from "./image/resize.ts";
import { type Preprocessing, scaleInput } from "./preprocess.ts";

/** The shape of a model's input. */
type InputShape = readonly [number, number, number, number];

/** Where a channel of the model's input stands among red, green, blue and opacity. */
function placeOf(channel: number, channels: number, { channels: order = "rgb" }: Preprocessing): number {
  return order === "bgr" && channels >= 3 && channel < 3 ? 2 - channel : channel;
}

/**
 * What a model sees as a picture: its input before it was scaled, rounded to 8 bits.
 *
 * @param input The numbers of the model's input, row by row, channels last.
 * @param shape Its shape, `[1, H, W, C]`.
 * @param preprocessing How it was scaled.
 */
export function seenImage(
  input: ArrayLike<number>,
  [, height, width, channels]: InputShape,
  preprocessing: Preprocessing,
): RgbaImage {
  const { mean, std } = preprocessing;
  const data = new Uint8ClampedArray(height * width * 4).fill(255);
  for (let channel = 0; channel < channels; channel++) {
    const place = placeOf(channel, channels, preprocessing);
    const [offset, scale] = [mean[channel] ?? mean[0]!, std[channel] ?? std[0]!];
    for (let pixel = 0; pixel < height * width; pixel++) {
      data[pixel * 4 + place] = input[pixel * channels + channel]! * scale + offset;
    }
  }
  if (channels === 1) {
    for (let at = 0; at < data.length; at += 4) data[at + 1] = data[at + 2] = data[at]!;
  }
  return { data, height, width };
}

/**
 * A picture as large as a model's input as that input: the other way round.
 *
 * @returns The numbers of the model's input, row by row, channels last.
 */
export function asInput(
  { data, height, width }: RgbaImage,
  channels: number,
  preprocessing: Preprocessing,
): Float32Array {
  const area = height * width;
  const planes = new Uint8ClampedArray(area * channels);
  for (let at = 0; at < planes.length; at++) planes[at] = data[(at % area) * 4 + Math.floor(at / area)]!;
  const fitted: Planes = { data: planes, channels, height, width };
  return scaleInput({ planes: fitted, placement: { x: 0, y: 0, width, height } }, preprocessing).data;
}
