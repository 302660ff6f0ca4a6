import { axisOver } from "../../draw/axis.ts";
import { linePlot, type PlottedLine } from "../charts/line_plot.ts";
import { documentOf } from "../document.ts";
import { code, factList } from "../facts.ts";
import { html, type Markup, nameText } from "../html.ts";
import { numberText } from "../numbers.ts";
import type { Compared } from "./evidence.ts";
import type { CardFinding, Outcome } from "./finding.ts";
import type { TrustCardRecord } from "./record.ts";
import type { VerdictName } from "./verdict.ts";
import { className, classScore, originDetails, ownCurve, randomCurve } from "./words.ts";

/** What each outcome is called for who does not see its colour, and its sign. */
const outcomeWords: Readonly<Record<Outcome, readonly [word: string, sign: string]>> = {
  good: ["Passed", "M5.6 10.4 8.7 13.6 14.5 6.9"],
  doubtful: ["Doubtful", "M10 5v6M10 14.6v.1"],
  bad: ["Failed", "M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8"],
  unknown: ["Not measured", "M6 10h8"],
};

const verdictOutcomes: Readonly<Record<VerdictName, Outcome>> = {
  usable: "good",
  careful: "doubtful",
  unproven: "unknown",
  unusable: "bad",
};

/** The pictures of a page, as `data:` URLs. */
export interface CardUrls {
  /** None where a tensor was explained. */
  readonly photo: string | undefined;
  readonly overlay: string;
}

function mark(outcome: Outcome): Markup {
  const [word, sign] = outcomeWords[outcome];
  return html`
    <svg class="sign ${outcome}" viewBox="0 0 20 20" role="img" aria-label="${word}">
      <circle cx="10" cy="10" r="10" />
      <path d="${sign}" />
    </svg>
  `;
}

function score(entry: TrustCardRecord["scores"][number], isExplained: boolean): Markup {
  const share = entry.probability ?? entry.score;
  const bar = share >= 0 && share <= 1
    ? html`
      <svg class="bar" aria-hidden="true" focusable="false">
        <rect class="well" width="100%" height="100%" rx="4" />
        <rect width="${(share * 100).toFixed(1)}%" height="100%" rx="4" />
      </svg>
    `
    : undefined;
  const name = nameText(className(entry));
  return html`<li><span>${isExplained ? html`<strong>${name}</strong>` : name}</span><span>${
    classScore(entry)
  }</span>${bar}</li>`;
}

/** A curve in words. */
function inWords(
  name: string,
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
): string {
  const places = [0, Math.floor((x.length - 1) / 2), x.length - 1];
  return `${name}: ${places.map((at) => `${numberText(y[at])} at ${numberText(x[at])}`).join(", ")}`;
}

function curves(title: string, { curve, randomCurve: random }: Compared): Markup | undefined {
  if (!curve) return undefined;
  const lines: PlottedLine[] = [
    ...random ? [{ x: random.x, y: random.y, kind: "control" } as const] : [],
    { x: curve.x, y: curve.y, kind: "main" },
  ];
  const words = [inWords(ownCurve, curve), ...random ? [inWords(randomCurve, random)] : []];
  const axes = { x: axisOver([0, 1]), y: axisOver([0, ...lines.flatMap(({ y }) => y)]) };
  return html`<figure><figcaption>${title}</figcaption>${
    linePlot(lines, { ...axes, description: `${title}. ${words.join("; ")}.`, below: "share of the photo" })
  }</figure>`;
}

function finding({ outcome, title, text }: CardFinding): Markup {
  return html`<li>${mark(outcome)}<div><h3>${title}</h3><p>${text}</p></div></li>`;
}

/** A card as one HTML file, as reports are: it asks for no other file and runs no script. */
export function cardHtml(record: TrustCardRecord, { photo, overlay }: CardUrls): string {
  const { explained, scores, verdict, findings, evidence, origin, warnings } = record;
  const name = nameText(className(explained));
  const outcome = verdictOutcomes[verdict.name];
  const drawn = [
    curves("Score while what the map marks is hidden", evidence.deletion),
    curves("Score while only what it marks is shown", evidence.insertion),
  ];
  const photoFigure = photo === undefined
    ? undefined
    : html`<figure><figcaption>Photo</figcaption><img src="${photo}" alt="The photo${
      origin.photo === undefined ? "" : ` ${nameText(origin.photo)}`
    }"></figure>`;
  const title = `Why ${name}? (${classScore(explained)})`;
  return documentOf({
    title: `Trust card: ${title}`,
    header: html`
      <p class="eyebrow">Trust card</p>
      <h1>${title}</h1>
    `,
    main: html`
      <section class="verdict ${outcome}"
        aria-labelledby="verdict">${mark(outcome)}<div><h2 id="verdict">${verdict.title}</h2><p>${verdict
          .text}</p></div></section>
      <section class="pictures" aria-label="Photo, map and classes">
        ${photoFigure}<figure><figcaption>What the map marks</figcaption><img src="${overlay}" alt="The photo with the map of ${origin
          .methodTitle} for ${name} over it"></figure>
        <div>
          <h2 class="small">What the network says</h2>
          <ol class="scores">${scores.slice(0, 5).map((entry) =>
            score(entry, entry.classIndex === explained.classIndex)
          )}</ol>
        </div>
      </section>
      ${drawn.some((one) => one !== undefined)
        ? html`
          <section aria-labelledby="curves">
            <h2 id="curves">Does the score follow the map?</h2>
            <p><span class="key"><svg class="key-line" aria-hidden="true" focusable="false"><line class="line main" x1="0" x2="100%" y1="50%" y2="50%"/></svg>${ownCurve}</span><span class="key"><svg class="key-line" aria-hidden="true" focusable="false"><line class="line control" x1="0" x2="100%" y1="50%" y2="50%"/></svg>${randomCurve}</span></p>
            <div class="multiples two">${drawn}</div>
          </section>
        `
        : undefined}
      <section aria-labelledby="findings">
        <h2 id="findings">What was tried</h2>
        <ul class="findings">${findings.map(finding)}</ul>
        <p class="quiet">${record.limits}</p>
      </section>
      <section aria-labelledby="origin"><h2 id="origin">How this came about</h2>${factList(
        originDetails(origin).map((
          [thing, value],
        ) => [thing, thing === "SHA-256" ? code(value) : nameText(value)]),
      )}${warnings.length > 0
        ? html`<ul class="notes">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`
        : undefined}</section>
    `,
  });
}
