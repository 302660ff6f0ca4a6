import type { Explanation } from "../explain/explanation.ts";
import type { ImageInput } from "../input/image_input.ts";

/** A photo of many that was explained. */
export interface ExplainedPhoto {
  /** Which it is, from 0. */
  readonly index: number;
  /** The photo as it was given; of a folder, its path. */
  readonly photo: ImageInput;
  /** What `gradcam` says of it. */
  readonly explanation: Explanation;
  /** Nothing went wrong. */
  readonly error?: undefined;
}

/** A photo of many that could not be explained. */
export interface FailedPhoto {
  /** Which it is, from 0. */
  readonly index: number;
  /** The photo as it was given; of a folder, its path. */
  readonly photo: ImageInput;
  /** There is none. */
  readonly explanation?: undefined;
  /** What `gradcam` throws for it. */
  readonly error: Error;
}

/** What became of a photo. */
export type PhotoOutcome = ExplainedPhoto | FailedPhoto;

/** A photo's explanation, or why there is none. */
export type Answer =
  | { readonly explanation: Explanation }
  | { readonly error: unknown; readonly isHopeless: boolean };

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}

/** A photo and what came of it. */
export interface Answered {
  readonly photo: ImageInput;
  readonly answer: Answer;
}

/**
 * Number what comes, and go on after photos that fail.
 *
 * @throws The error of the first photos if it would meet every photo, and none has been explained.
 */
export async function* number(
  results: AsyncIterable<Answered>,
): AsyncGenerator<PhotoOutcome, void, undefined> {
  let [index, explained] = [0, 0];
  for await (const { photo, answer } of results) {
    if ("explanation" in answer) {
      explained++;
      yield { index, photo, explanation: answer.explanation };
    } else if (answer.isHopeless && explained === 0) {
      throw answer.error;
    } else {
      yield { index, photo, error: asError(answer.error) };
    }
    index++;
  }
}
