import type { TensorInfo } from "../base/tensor_info.ts";
import { quote } from "../base/quote.ts";
import { PhotoFile } from "../input/image/read.ts";
import type { PhotoInput } from "../input/image_input.ts";
import type { InputOptions } from "../input/input_options.ts";
import { type ModelInput, planInput, readPhoto, type SeeingInput } from "../input/plan.ts";
import { isPlainPhoto, type OtherInputs } from "./other_inputs.ts";

/** A photo for an input beside the one that is explained. */
export interface OtherPhoto {
  /** The input's name. */
  readonly name: string;
  /** Read it, and bring it to what the input takes. */
  makeInput(): Promise<ModelInput>;
}

/** A photo whose name messages can tell from that of the photo that is explained. */
async function named(photo: PhotoInput, input: string): Promise<PhotoInput> {
  const name = `the photo for input ${quote(input)}`;
  if (photo instanceof Uint8Array) return new PhotoFile(photo, name);
  if (photo instanceof ArrayBuffer) return new PhotoFile(new Uint8Array(photo), name);
  return photo instanceof Blob ? new PhotoFile(await photo.bytes(), name) : photo;
}

/** Height and width where an input takes any; one that takes a size of its own is not asked for another. */
function sizeFor(
  { shape: [, height, width] }: TensorInfo,
  wanted: InputOptions["size"],
): InputOptions["size"] {
  if (wanted === undefined || (height && width)) return undefined;
  const [wantedHeight, wantedWidth] = typeof wanted === "number" ? [wanted, wanted] : wanted;
  return [height ?? wantedHeight, width ?? wantedWidth];
}

/**
 * Plan how photos become a model's other inputs: each in its input's own size, its pixels scaled as those of the photo
 * that is explained. Nothing is read yet, but all that can be wrong with the options is told.
 *
 * @param photos By the names of the inputs.
 * @param inputs The model's inputs.
 * @param options As for the photo that is explained, with what tells how the model sees pixels.
 * @throws As `planInput()` does.
 */
export function planOtherPhotos(
  photos: ReadonlyMap<string, PhotoInput>,
  inputs: readonly TensorInfo[],
  { evidence, ...options }: InputOptions & Pick<SeeingInput, "evidence">,
): OtherPhoto[] {
  return [...photos].map(([name, photo]) => {
    const input = inputs.find((candidate) => candidate.name === name)!;
    const plan = (photo: PhotoInput) =>
      planInput(photo, { input, evidence }, {
        ...options,
        size: sizeFor(input, options.size),
        keptPhotoSide: 1, // it is not drawn on
      });
    plan(photo); // says what is wrong
    return { name, makeInput: async () => await plan(await named(photo, name))() };
  });
}

/**
 * What other photos have to say that the photo that is explained does not say itself.
 *
 * @param others The inputs that were made of them, by name.
 * @param said The warnings of the photo that is explained.
 */
export function otherWarnings(
  others: ReadonlyMap<string, ModelInput>,
  said: readonly string[],
): string[] {
  return [...others].flatMap(([name, { warnings }]) =>
    warnings.filter((warning) => !said.includes(warning)).map((warning) => `Input ${quote(name)}: ${warning}`)
  );
}

/**
 * Read and decode the photos among the values of other inputs once, where many pictures are explained with them. Bytes
 * stay as they are: what they are depends on the input; and so do photos that are taken in a range of their own values,
 * which are known to their files alone.
 *
 * @param inputs The values, by name.
 * @param options What reading a photo takes.
 * @throws {ImageError} If one cannot be read.
 */
export async function readOtherPhotos(inputs: OtherInputs, options: InputOptions): Promise<OtherInputs> {
  const read: [string, OtherInputs[string]][] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const isOnce = isPlainPhoto(value) && options.range === undefined;
    read.push([name, isOnce ? await readPhoto(await named(value, name), options) : value]);
  }
  return Object.fromEntries(read);
}
