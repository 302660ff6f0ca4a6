import type { EvaluationAbout, ExamplePicture, PhotoExample } from "../../evaluate/summary.ts";
import { html, type Markup, nameText } from "../html.ts";
import { keyOf, metricTitle, placedTitle } from "../names.ts";
import { numberText } from "../numbers.ts";
import type { ReportSection } from "../section.ts";

/** A report stays below 20 MB: photos beyond so many characters of pictures are named and not shown. */
const mostOfPictures = 16_000_000;

/** The only pictures that are shown: those that hold all they need. */
const shownUrl = /^data:image\/(?:jpeg|webp|png);base64,[A-Za-z0-9+/]+={0,2}$/;

type FindPicture = (example: PhotoExample) => ExamplePicture | undefined;

/** Tells maps of photos apart. */
function mapKey(map: PhotoExample | ExamplePicture): string {
  return JSON.stringify([keyOf(map), map.index, map.classIndex]);
}

/** What finds the pictures of examples, as long as there is room. */
function pictureFinder(pictures: readonly ExamplePicture[]): FindPicture {
  const byKey = new Map(pictures.map((picture) => [mapKey(picture), picture]));
  let left = mostOfPictures;
  return (example) => {
    const found = byKey.get(mapKey(example));
    if (!found || found.url.length > left || !shownUrl.test(found.url)) return undefined;
    left -= found.url.length;
    return found;
  };
}

function figure(example: PhotoExample, picture: ExamplePicture | undefined, about: EvaluationAbout): Markup {
  const { photo, value, metric, label } = example;
  const name = nameText(photo);
  const what = label === undefined ? "" : `, ${nameText(label)}`;
  const shown = picture
    ? html`
      <img src="${picture.url}" width="${picture.width}" height="${picture.height}"
        alt="${name}${what}, with the map of ${placedTitle(
          about,
          example,
        )} over it" loading="lazy" decoding="async">
    `
    : html`<div class="no-picture">no picture</div>`;
  return html`<figure>${shown}<figcaption>${name}<small>${
    label === undefined ? undefined : `${nameText(label)} · `
  }${metricTitle(about, metric)} ${numberText(value)}</small></figcaption></figure>`;
}

function row(title: string, examples: readonly PhotoExample[], find: FindPicture, about: EvaluationAbout) {
  if (examples.length === 0) return undefined;
  const figures = examples.map((example) => figure(example, find(example), about));
  return html`
    <h4>${title}</h4>
    <div class="examples">${figures}</div>
  `;
}

/** Photos to look at: where a method did best, and where worst. */
export const examplesSection: ReportSection = {
  id: "examples",
  title: "Best and worst photos",
  render({ summary: { best, worst, about }, pictures }) {
    const keys = new Set([...best, ...worst].map(keyOf));
    if (keys.size === 0) return undefined;
    const find = pictureFinder(pictures);
    const parts = [...keys].map((key) => {
      const [ofBest, ofWorst] = [best, worst].map((all) => all.filter((example) => keyOf(example) === key));
      const title = placedTitle(about, (ofBest![0] ?? ofWorst![0])!);
      return html`<section class="of-method" aria-label="${title}"><h3>${title}</h3>${
        row("Best", ofBest!, find, about)
      }${row("Worst", ofWorst!, find, about)}</section>`;
    });
    return html`<p>The extremes of each method, to look at: they show what kind of photo it fails on, not how often.</p>${parts}`;
  },
};
