import type { Explanation } from "../explain/explanation.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import type { ImageInput } from "../input/image_input.ts";
import { cardFormats } from "../report/card/formats.ts";
import type { TrustCard } from "../report/card/trust_card.ts";
import type { ExplainableModel } from "../split/model.ts";
import { writeWhole } from "../platform/write.ts";
import type { CardModel } from "./card_model.ts";
import { pathIn } from "./destination.ts";
import type { SavedFile } from "./report.ts";
import { refuseToOverwrite, type SavePlan } from "./save.ts";

/** The names of the files of a photo's card. */
export function cardNames(stem: string): string[] {
  return cardFormats.map(({ extension }) => `${stem}.card${extension}`);
}

/** Make the card of a photo that was explained. */
export async function makePhotoCard(
  explanation: Explanation,
  { model, image, options, about }: {
    readonly model: ExplainableModel;
    readonly image: ImageInput;
    readonly options: GradcamOptions;
    readonly about: CardModel;
  },
): Promise<TrustCard> {
  const { makeCard } = await import("../report/card/make_card.ts");
  const { method: _, layer, top: _t, augment: _a, maxPasses: _m, onPlan: _p, ...asked } = options;
  return await makeCard(explanation, {
    ...about,
    model,
    image,
    layer: [layer ?? []].flat()[0],
    options: { ...asked, seed: options.settings?.seed ?? 0 },
    date: new Date(),
  });
}

/**
 * Save a card in all its forms: all is encoded before anything is written.
 *
 * @returns What was written.
 * @throws {OutputError} If a file cannot be written.
 */
export async function saveCard(card: TrustCard, stem: string, plan: SavePlan): Promise<SavedFile[]> {
  const { destination, drawing, photos } = plan;
  const folder = destination.kind === "folder" ? destination.path : "";
  const { format: _, quality: _q, map: _m, maxSide: _s, minSide: _n, ...how } = drawing;
  const paths = cardNames(stem).map((name) => pathIn(folder, name));
  for (const path of paths) await refuseToOverwrite(path, photos);
  const contents = await Promise.all(cardFormats.map(({ name }) => card.encode(name, how)));
  for (const [at, path] of paths.entries()) await writeWhole(path, contents[at]!);
  const { classIndex, method } = card.explanation.maps[0]!;
  return paths.map((path) => ({ kind: "card", classIndex, method, path }));
}
