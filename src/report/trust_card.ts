import { readArguments } from "../explain/arguments.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { Model } from "../explain/model.ts";
import { openModels } from "../evaluate/open_models.ts";
import type { ModelSource } from "../formats/mod.ts";
import type { ImageInput } from "../input/image_input.ts";
import { checkCardOptions, type TrustCardOptions } from "./card/card_options.ts";
import { makeCard } from "./card/make_card.ts";
import type { TrustCard } from "./card/trust_card.ts";

/**
 * Can this map be trusted? The map of one class of a photo, and what speaks for it and against it: whether the score follows
 * what it marks when that is hidden or shown, beside maps of random numbers; whether it stays when the photo is shifted or
 * compressed; whether it becomes another when the model's weights are drawn anew. From these follows a verdict in plain
 * words. It takes some 200 runs of the model, and a dozen maps.
 *
 * @param model As `gradcam()` takes it. Where it is open, nothing is known of its file.
 * @param image Likewise.
 * @param options Which class, layer and method, as `gradcam()` takes them; where random numbers begin; the date.
 * @returns The card, as a record and to be written as a picture, HTML or JSON.
 * @throws As `gradcam()` does.
 *
 * @example Can Grad-CAM's map of a cat be trusted?
 * ```ts
 * import { trustCard } from "@xai/gradcam";
 * import { assertEquals } from "@std/assert";
 *
 * const card = await trustCard("testdata/photos/chelsea.png", { metricSettings: { steps: 5, stages: 2 } });
 * assertEquals(card.record.explained.label, "Egyptian cat");
 * assertEquals(card.record.findings.map(({ check }) => check).slice(0, 3), ["diagnosis", "deletion", "insertion"]);
 * const html = await card.toHtml(); // card.save("chelsea.card.html") writes it
 * assertEquals(html.includes(card.verdict.title), true);
 * ```
 */
export function trustCard(
  model: Model | ModelSource,
  image: ImageInput,
  options?: TrustCardOptions,
): Promise<TrustCard>;
/**
 * Can this map of the embedded ImageNet model be trusted?
 *
 * @param image As above.
 * @param options As above.
 */
export function trustCard(image: ImageInput, options?: TrustCardOptions): Promise<TrustCard>;
export async function trustCard(first: unknown, second?: unknown, third?: unknown): Promise<TrustCard> {
  const { source, image, options: given } = readArguments(first, second, third);
  const options = given as TrustCardOptions;
  checkCardOptions(options);
  const { seed = 0, date = new Date(), metricSettings, layer, method, ...asked } = options;
  asked.signal?.throwIfAborted();
  const { labels, preprocess, backend, threads, signal } = asked;
  const [opened] = await openModels({ model: source, labels, preprocess, backend, threads, signal });
  const { model, about, dispose } = opened!;
  try {
    const explanation = await gradcam(model, image, { ...asked, layer, method } as GradcamOptions);
    const modelName = about.name;
    const options = { ...asked, seed, metricSettings };
    return await makeCard(explanation, {
      model,
      modelName,
      modelHash: about.hash,
      image,
      layer,
      options,
      date,
    });
  } finally {
    dispose();
  }
}
