import { cut, listed } from "../base/quote.ts";
import type { EvaluatedPhoto } from "./evaluated.ts";
import type { EvaluationPlan } from "./evaluate_options.ts";

/** How many photos' own warnings are told; the rest are counted. */
const mostWarnings = 20;

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** What the names of classes came to: a sentence a model for those that it has not, and one for those that it has twice. */
function classWarnings(photos: readonly EvaluatedPhoto[]): string[] {
  const all = photos.flatMap(({ unmatched = [] }) => unmatched);
  const models = [...Map.groupBy(all, ({ model }) => model)];
  return models.flatMap(([model, found]) => {
    const unknown = [...new Set(found.flatMap(({ unknown }) => unknown))].sort();
    const ambiguous = [...new Set(found.flatMap(({ ambiguous }) => ambiguous))].sort();
    const of = cut(model, 60);
    return [
      ...ambiguous.length > 0
        ? [`${of} has several classes of these names, whose objects are left out: ${listed(ambiguous)}`]
        : [],
      ...unknown.length > 0
        ? [`${of} has no class of these names, whose objects are left out: ${listed(unknown)}`]
        : [],
    ];
  });
}

/** Photos and truths that have no other. */
function missingWarnings(photos: readonly EvaluatedPhoto[], { truth }: EvaluationPlan): string[] {
  if (!truth) return [];
  const without = photos.filter((photo) => photo.truth === undefined);
  const found = new Set(photos.flatMap((photo) => photo.truth?.file ?? []));
  const missing = truth.files.filter((file) => !found.has(file));
  return [
    ...without.length > 0
      ? [
        `${counted(without.length, "photo has", "photos have")} no truth: ${
          listed(without.map(({ photo }) => photo))
        }`,
      ]
      : [],
    ...missing.length > 0
      ? [`The truth is also of ${counted(missing.length, "photo", "photos")} not given: ${listed(missing)}`]
      : [],
  ];
}

/** What the user should know of what is known to be on the photos, a sentence each. */
export function truthWarnings(photos: readonly EvaluatedPhoto[], plan: EvaluationPlan | undefined): string[] {
  const own = photos.flatMap(({ warnings }) => warnings);
  const more = own.length - mostWarnings;
  return [
    ...plan?.warnings ?? [],
    ...classWarnings(photos),
    ...plan ? missingWarnings(photos, plan) : [],
    ...own.slice(0, mostWarnings),
    ...more > 0
      ? [`${counted(more, "more thing is", "more things are")} wrong with the truth of photos`]
      : [],
  ];
}
