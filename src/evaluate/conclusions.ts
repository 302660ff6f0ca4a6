import { cut } from "../base/quote.ts";
import type {
  EvaluationAbout,
  EvaluationComparison,
  EvaluationRow,
  EvaluationSummary,
  MetricAbout,
  RankedChoice,
} from "./summary.ts";

/** With fewer photos than this little can be told. */
const fewPhotos = 30;

/** From what p-value on a difference may be chance. */
const significance = 0.05;

/** Of a map whose rank correlation with that of a model of random weights is higher, the model is not what it shows. */
const unmoved = 0.5;

type Concluded = Omit<EvaluationSummary, "conclusions">;

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function pText(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

function intervalText({ mean, interval }: EvaluationRow): string {
  const range = interval ? ` (${number(interval[0])} to ${number(interval[1])})` : "";
  return `${number(mean!)}${range}`;
}

function and(things: readonly string[]): string {
  return things.length < 2 ? things.join("") : `${things.slice(0, -1).join(", ")} and ${things.at(-1)}`;
}

/** Titles in print of what the rows name. */
class Titles {
  readonly #about: EvaluationAbout;

  constructor(about: EvaluationAbout) {
    this.#about = about;
  }

  isControl(method: string): boolean {
    return this.#about.methods.find(({ name }) => name === method)?.control ?? false;
  }

  method(method: string): string {
    return this.#about.methods.find(({ name }) => name === method)?.title ?? method;
  }

  /** With the layer where there are several, and the model where there are several. */
  place({ model, method, layer }: { model: string; method: string; layer: string }): string {
    const { models, layers } = this.#about;
    const at = layer !== "" && layers.length > 1 ? ` at ${cut(layer, 60)}` : "";
    const of = models.length > 1 ? ` of ${cut(model, 60)}` : "";
    return `${this.method(method)}${at}${of}`;
  }
}

/** How many photos there were, and what that means. */
function ofPhotos({ photos, failed, truth, confidence }: EvaluationAbout): string[] {
  const measured = photos - failed;
  const ill = failed === 0 ? "" : ` (${failed} of ${photos} failed)`;
  const said =
    `${measured} ${
      measured === 1 ? "photo was" : "photos were"
    } measured${ill}; intervals hold the true mean ` +
    `${number(confidence * 100)} times of 100, for photos like these and for no others.`;
  const few = measured < fewPhotos
    ? [
      "With so few photos a difference that is there may well not be seen: more photos narrow the intervals.",
    ]
    : [];
  const blind = truth
    ? []
    : ["Where the objects are was not given: nothing is said of whether maps lie on them."];
  return [said, ...few, ...blind];
}

/** Whether the first of a comparison is better than the second: whether it is surely so, surely not, or cannot be told. */
function verdict(
  { difference, p }: EvaluationComparison,
  { better }: MetricAbout,
): "better" | "worse" | "alike" {
  if (p >= significance) return "alike";
  return difference > 0 === (better === "higher") ? "better" : "worse";
}

/** Comparisons of one row with others, turned so that the row comes first. */
function comparisonsOf(
  row: EvaluationRow,
  comparisons: readonly EvaluationComparison[],
): EvaluationComparison[] {
  return comparisons.flatMap((comparison) => {
    const { model, metric, layer, first, second, difference, interval } = comparison;
    if (model !== row.model || metric !== row.metric || layer !== row.layer) return [];
    if (first === row.method) return [comparison];
    if (second !== row.method) return [];
    return [{
      ...comparison,
      first: second,
      second: first,
      difference: -difference,
      interval: [-interval[1], -interval[0]] as const,
    }];
  });
}

/** What a metric says of the best method of a model beside controls and others. */
function ofMetric(
  metric: MetricAbout,
  rows: readonly EvaluationRow[],
  comparisons: readonly EvaluationComparison[],
  titles: Titles,
): string[] {
  const sign = metric.better === "higher" ? -1 : 1;
  const own = rows.filter(({ method, mean }) => mean !== undefined && !titles.isControl(method));
  const [best] = own.toSorted((a, b) => sign * (a.mean! - b.mean!));
  if (!best) return [`${metric.title} has no value for any map.`];
  const compared = comparisonsOf(best, comparisons).map((one) => ({ ...one, verdict: verdict(one, metric) }));
  const title = (name: string) => titles.method(name);
  const namesOf = (found: typeof compared) =>
    and(found.map(({ second, p }) => `${title(second)} (${pText(p)})`));
  const controls = compared.filter(({ second }) => titles.isControl(second));
  const beaten = controls.filter(({ verdict }) => verdict === "better");
  const unbeaten = controls.filter(({ verdict }) => verdict !== "better");
  const alike = compared.filter(({ second, verdict }) => !titles.isControl(second) && verdict === "alike");
  const first = own.length === 1
    ? `${metric.title}: ${titles.place(best)} has ${intervalText(best)}`
    : `${metric.title} (${metric.better} is better): ${titles.place(best)} is best with ${
      intervalText(best)
    }`;
  return [
    `${first}${beaten.length > 0 ? `; it is better than the controls ${namesOf(beaten)}` : ""}.`,
    ...unbeaten.length > 0
      ? [
        `By ${metric.title.toLowerCase()} ${titles.place(best)} is not shown to be better than ${
          namesOf(unbeaten)
        }, ` +
        "which know nothing of the model: on these photos it is no evidence for the method.",
      ]
      : [],
    ...alike.length > 0
      ? [
        `By ${metric.title.toLowerCase()} it cannot be told from ${
          namesOf(alike)
        }: which of them is better stays open.`,
      ]
      : [],
  ];
}

/** Which methods the check of the model's weights speaks against. */
function ofSanity(metric: MetricAbout, rows: readonly EvaluationRow[], titles: Titles): string[] {
  const still = rows.filter(({ method, mean }) =>
    !titles.isControl(method) && mean !== undefined && mean > unmoved
  );
  if (still.length === 0) return [];
  const whose = metric.name === "randomlogit"
    ? "another class is explained"
    : "the model's weights are drawn anew";
  return [
    `Maps of ${
      and(still.map((row) => `${titles.place(row)} (${number(row.mean!)})`))
    } hardly change when ${whose}: ` +
    "they show the photo more than the model, and must not be taken for what the model has learned.",
  ];
}

/** Whether the metrics of faithfulness name the same best method. */
function ofAgreement({ about, rows }: Concluded, model: string, titles: Titles): string[] {
  const faithful = about.metrics.filter(({ kind }) => kind === "faithfulness");
  const bests = faithful.flatMap(({ name, title, better }) => {
    const own = rows.filter((row) =>
      row.model === model && row.metric === name && row.mean !== undefined && !titles.isControl(row.method)
    );
    const sign = better === "higher" ? -1 : 1;
    const [best] = own.toSorted((a, b) => sign * (a.mean! - b.mean!));
    return best && own.length > 1 ? [{ title, best: titles.place(best) }] : [];
  });
  const names = new Set(bests.map(({ best }) => best));
  if (bests.length < 2) return [];
  if (names.size === 1) {
    return [`All ${bests.length} metrics of faithfulness name ${bests[0]!.best} the best.`];
  }
  const said = [...names].map((name) => {
    const by = bests.filter(({ best }) => best === name).map(({ title }) => title.toLowerCase());
    return `${name} by ${and(by)}`;
  });
  return [
    `The metrics of faithfulness disagree on the best method (${
      said.join("; ")
    }): none of them alone decides.`,
  ];
}

/** What no metric of a kind can show. */
const limits: Readonly<Record<string, string>> = {
  localisation:
    "That a map lies on the object does not show that the model looked at it: a good model may use the surroundings, and a " +
    "map in the middle lies on many objects.",
  faithfulness:
    "Deleting and inserting pixels makes pictures that the model has never seen: scores fall for that reason too, so that only " +
    "differences between methods and from controls count.",
  robustness: "That a map stays as it is when the photo changes a little does not show that it is right.",
  complexity: "A sparser map is none the truer: it is only easier to read.",
  sanity: "Whoever passes the sanity checks may still be wrong; who fails them cannot be trusted.",
};

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Which method to take. */
function ofChoice(ranks: readonly RankedChoice[], titles: Titles): string[] {
  const [first] = ranks;
  if (!first) return [];
  if (titles.isControl(first.method)) {
    return [
      `${
        titles.method(first.method)
      } ranks before every method, though it knows nothing of the model: these photos and ` +
      "metrics give no ground to choose a method.",
    ];
  }
  const rival = ranks[1];
  const sure = first.first >= 0.95
    ? "that is as good as sure for photos like these"
    : first.first >= 0.75
    ? "that is likely, not sure: more photos would tell"
    : `that is not sure${rival ? `, and ${titles.place(rival)} may be as good` : ""}: more photos would tell`;
  return [
    `Take ${titles.place(first)}: its mean rank is the best (${number(first.rank)}), and it stays first in ` +
    `${percent(first.first)} of the times that the photos are drawn anew; ${sure}.`,
  ];
}

/** What may and what may not be concluded, in plain sentences. */
export function concludeFrom(summary: Concluded): string[] {
  const { about, rows, comparisons, choice } = summary;
  const titles = new Titles(about);
  const models = [...new Set(rows.map(({ model }) => model))];
  const kinds = new Set(about.metrics.map(({ kind }) => kind));
  const found = models.flatMap((model) => [
    ...about.metrics.flatMap((metric) => {
      const own = rows.filter((row) => row.model === model && row.metric === metric.name);
      return metric.kind === "sanity"
        ? ofSanity(metric, own, titles)
        : ofMetric(metric, own, comparisons, titles);
    }),
    ...ofAgreement(summary, model, titles),
    ...choice ? ofChoice(choice.ranks.filter((rank) => rank.model === model), titles) : [],
  ]);
  return [
    ...ofPhotos(about),
    ...found,
    ...about.metrics.length > 1 && comparisons.length > 0
      ? ["p-values are corrected for all comparisons by one metric, not for several metrics."]
      : [],
    ...Object.entries(limits).filter(([kind]) => kinds.has(kind)).map(([, sentence]) => sentence),
  ];
}
