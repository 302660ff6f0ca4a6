import { renderOverlay } from "../draw/overlay.ts";
import { drawnSize, scalePhoto } from "../draw/scale_photo.ts";
import { encodePicture } from "../draw/encodings/mod.ts";
import { ImageError } from "../base/errors.ts";
import { callbackRule, checkOptionTypes, numberRule, type OptionRules, signalRule } from "../base/options.ts";
import type { RgbaImage } from "../input/image/types.ts";
import type { EvaluatedMap, EvaluatedPhoto } from "./evaluated.ts";
import type { EvaluationSummary, ExamplePicture, PhotoExample } from "./summary.ts";

/** Options of {@linkcode drawExamples}. */
export interface DrawExamplesOptions {
  /**
   * A photo as pixels, upright and opaque, by its number; read once for all of its examples.
   *
   * @throws {ImageError} If it cannot be had: its examples are left out.
   */
  readonly readPhoto: (index: number) => Promise<RgbaImage>;
  /**
   * The longer side of pictures, in pixels.
   * @default {240}
   */
  readonly maxSide?: number | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/** What each of them can be. */
export const drawExamplesRules: OptionRules<DrawExamplesOptions> = {
  readPhoto: callbackRule("a function that gives a photo's pixels"),
  maxSide: numberRule("pixels"),
  signal: signalRule,
};

/** How near to the picture its JPEG is. */
const quality = 80;

function mapOf({ maps }: EvaluatedPhoto, example: PhotoExample): EvaluatedMap | undefined {
  const { model, method, layer, classIndex } = example;
  return maps.find((map) =>
    map.model === model && map.method === method && map.layer === layer && map.classIndex === classIndex
  );
}

async function draw(
  photo: RgbaImage,
  map: EvaluatedMap,
  maxSide: number,
): Promise<Omit<ExamplePicture, "index">> {
  const { seen, heatmap, model, method, layer, classIndex } = map;
  const size = drawnSize(photo, { maxSide, minSide: 0 });
  const { photo: small } = scalePhoto({ photo }, size);
  const placement = seen && {
    x: seen.x * size.width,
    y: seen.y * size.height,
    width: seen.width * size.width,
    height: seen.height * size.height,
  };
  const bytes = await encodePicture(renderOverlay(small, heatmap, { placement }), {
    format: "jpeg",
    quality,
  });
  return { model, method, layer, classIndex, url: `data:image/jpeg;base64,${bytes.toBase64()}`, ...size };
}

/**
 * Draw the best and the worst photos of an evaluation with their maps over them, small, for its report.
 *
 * @param summary What the evaluation came to.
 * @param photos What it was made of.
 * @param options How a photo is had, and how large it is drawn.
 * @throws {RangeError} If `maxSide` is out of range.
 * @throws {TypeError} If an option is unknown or of a wrong type.
 */
export async function drawExamples(
  { best, worst }: EvaluationSummary,
  photos: readonly EvaluatedPhoto[],
  options: DrawExamplesOptions,
): Promise<ExamplePicture[]> {
  checkOptionTypes("drawExamples()", options, drawExamplesRules);
  const { readPhoto, maxSide = 240, signal } = options;
  const byIndex = new Map(photos.map((photo) => [photo.index, photo]));
  const pictures: ExamplePicture[] = [];
  for (const [index, examples] of Map.groupBy([...best, ...worst], ({ index }) => index)) {
    signal?.throwIfAborted();
    const image = await readPhoto(index).catch((error: unknown) => {
      if (error instanceof ImageError) return undefined;
      throw error;
    });
    for (const example of image ? examples : []) {
      const map = mapOf(byIndex.get(index)!, example);
      const picture = map && await draw(image!, map, maxSide);
      if (picture) pictures.push({ ...picture, index });
    }
  }
  return pictures;
}
