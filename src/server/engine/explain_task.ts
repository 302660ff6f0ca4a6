import { release } from "../../base/release.ts";
import { fileTypeOf, findRendering, type RenderingName } from "../../draw/renderings/mod.ts";
import type { EncodeOptions, Explanation } from "../../explain/explanation.ts";
import { gradcam } from "../../explain/gradcam.ts";
import type { GradcamOptions } from "../../explain/gradcam_options.ts";
import type { ImageInput } from "../../input/image_input.ts";
import { PhotoFile } from "../../input/image/read.ts";
import type { ExplainableModel } from "../../split/model.ts";
import type { AnswerPart, AnswerSummary, ExplainAnswer, ExplainTask, PhotoBytes } from "./engine.ts";

/** How many bytes a number of a map takes in JSON, with its comma. */
const bytesPerNumber = 20;

/** A photo's file as the pipeline takes it, and how messages name it. */
function asImage({ bytes, name }: PhotoBytes, title: string): ImageInput {
  const file: unknown = new PhotoFile(bytes, title, name); // which reading takes as it takes what it is of
  return file as ImageInput;
}

/** What a picture cannot say about itself. */
function summarise(explanation: Explanation): AnswerSummary {
  const { classIndex, label, score, maps, layer, method, diagnosis, times, warnings } = explanation;
  const { probability } = maps[0]!;
  return { classIndex, label, score, probability, layer, method, diagnosis, times, warnings };
}

/** @throws {RangeError} If the maps hold more numbers than an answer in JSON may have. */
function checkNumbers({ maps }: Explanation, maxAnswerBytes: number): void {
  const all = maps.flatMap((map) => [map, ...map.components ?? []]);
  const numbers = all.reduce((sum, { raw }) => sum + 2 * raw.data.length, 0); // as they are and scaled
  if (numbers * bytesPerNumber <= maxAnswerBytes) return;
  const { height, width } = maps[0]!.raw;
  throw new RangeError(
    `Cannot answer with ${all.length} maps of ${width} × ${height} as JSON: at most ${maxAnswerBytes} bytes are sent; ask for fewer classes or methods, a later layer, or for format npy`,
  );
}

async function encodePart(
  explanation: Explanation,
  name: RenderingName,
  drawing: EncodeOptions,
): Promise<AnswerPart> {
  const { mediaType, extension } = fileTypeOf(findRendering(name), drawing);
  const content = await explanation.encode(name, drawing) as Uint8Array<ArrayBuffer>;
  const method = findRendering(name).draw || name === "npy" ? explanation.method : "gradcam";
  return { name, mediaType, extension, method, content };
}

/** How a task is done: on which backend, and until when. */
export type TaskOptions = Pick<GradcamOptions, "backend" | "threads" | "signal">;

/**
 * Explain a photo, and bring the explanation into the forms that were asked for.
 *
 * @throws What `gradcam()` and `encode()` throw.
 */
export async function explainTask(
  model: ExplainableModel,
  task: ExplainTask,
  options: TaskOptions,
): Promise<ExplainAnswer> {
  const { photo, photos, like, renderings, drawing, maxAnswerBytes } = task;
  const others = Object.fromEntries(
    Object.entries(photos).map(([name, one]) => [name, asImage(one, `the photo for input "${name}"`)]),
  );
  const inputs = { ...task.options.inputs, ...others } as NonNullable<GradcamOptions["inputs"]>;
  const explanation = await gradcam(model, asImage(photo, "the image"), {
    ...task.options,
    inputs,
    ...like && { like: asImage(like, "the photo to be like") },
    ...options,
  });
  if (renderings.includes("json")) checkNumbers(explanation, maxAnswerBytes);
  const parts: AnswerPart[] = [];
  for (const name of renderings) { // one after the other, so that memory holds one picture
    options.signal?.throwIfAborted();
    parts.push(await encodePart(explanation, name, drawing));
  }
  if (explanation.photo) release(explanation.photo.data); // which was decoded for this task
  return { parts, summary: summarise(explanation) };
}
