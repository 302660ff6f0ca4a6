import { axisOver } from "../../draw/axis.ts";
import { beside, type Laid, layEnds, layPicture, layText, stack } from "../../draw/laid.ts";
import { type ChartLine, layLineChart } from "../../draw/line_chart.ts";
import { layHeading } from "../../draw/panel_heading.ts";
import { whitePaper } from "../../draw/paste.ts";
import { scalePhoto } from "../../draw/scale_photo.ts";
import { type Color, drawLine, fillOutline, roundedBox } from "../../draw/strokes.ts";
import { type Font, loadFont } from "../../draw/text/font.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import type { Compared } from "./evidence.ts";
import type { CardFinding, Outcome } from "./finding.ts";
import type { TrustCardRecord } from "./record.ts";
import type { VerdictName } from "./verdict.ts";
import { className, classScore, originDetails, ownCurve, randomCurve } from "./words.ts";

/** Pixels: three columns on a page, and what is around and between them. */
const margin = 48;
const column = 352;
const gutter = 28;
const content = 3 * column + 2 * gutter;
const half = (content - gutter) / 2;

const ink: Color = [28, 30, 33];
const quiet: Color = [91, 97, 106];
const line: Color = [223, 220, 211];
const well: Color = [236, 234, 227];
const accent: Color = [23, 100, 107];
const good: Color = [29, 106, 61];
const caution: Color = [122, 75, 0];
const trouble: Color = [156, 42, 42];
const white: Color = [255, 255, 255];

const outcomeColors: Readonly<Record<Outcome, Color>> = {
  good,
  doubtful: caution,
  bad: trouble,
  unknown: quiet,
};
const verdictOutcomes: Readonly<Record<VerdictName, Outcome>> = {
  usable: "good",
  careful: "doubtful",
  unproven: "unknown",
  unusable: "bad",
};

/** What is drawn in a disc for each outcome, in parts of its radius from its middle: it is told by more than its colour. */
const signs: Readonly<Record<Outcome, readonly (readonly (readonly [number, number])[])[]>> = {
  good: [[[-0.42, 0.05], [-0.12, 0.36], [0.45, -0.32]]],
  doubtful: [[[0, -0.5], [0, 0.1]], [[0, 0.47], [0, 0.48]]],
  bad: [[[-0.34, -0.34], [0.34, 0.34]], [[0.34, -0.34], [-0.34, 0.34]]],
  unknown: [[[-0.4, 0], [0.4, 0]]],
};

function layMark(outcome: Outcome, diameter: number): Laid {
  return {
    height: diameter,
    draw(picture, left, top) {
      const radius = diameter / 2;
      const [x, y] = [left + radius, top + radius];
      drawLine(picture, [[x, y]], { width: diameter, color: outcomeColors[outcome] });
      for (const sign of signs[outcome]) {
        const points = sign.map(([across, down]) => [x + across * radius, y + down * radius] as const);
        drawLine(picture, points, { width: radius * 0.22, color: white });
      }
    },
  };
}

/** Something on a tinted field. */
function layField(part: Laid, width: number, padding: number, tint: Color): Laid {
  const height = part.height + 2 * padding;
  return {
    height,
    draw(picture, left, top) {
      fillOutline(picture, roundedBox({ left, top, width, height }, 14), tint);
      part.draw(picture, left + padding, top + padding);
    },
  };
}

/** A colour so pale that text reads well on it. */
function pale(color: Color): Color {
  const [red, green, blue] = color.map((value) => Math.round(255 - (255 - value) * 0.09));
  return [red!, green!, blue!];
}

function layVerdict(font: Font, { verdict }: TrustCardRecord): Laid {
  const outcome = verdictOutcomes[verdict.name];
  const padding = 24;
  const mark = 44;
  const width = content - 2 * padding - mark - 20;
  const words = stack([
    layText(font, verdict.title, { width, size: 26, color: outcomeColors[outcome] }),
    layText(font, verdict.text, { width, size: 17, color: ink }),
  ], 20);
  return layField(
    beside([[0, layMark(outcome, mark)], [mark + 20, words]]),
    content,
    padding,
    pale(outcomeColors[outcome]),
  );
}

function layCaption(font: Font, text: string): Laid {
  return layText(font, text, { width: column, size: 15, color: quiet, lines: 1 });
}

/** A picture as wide as a column, or as high as the column is wide. */
function fitted(image: RgbaImage): RgbaImage {
  const { height, width } = image;
  const scale = Math.min(column / width, column / height);
  const side = (length: number) => Math.max(Math.round(length * scale), 1);
  return scalePhoto({ photo: image }, { height: side(height), width: side(width) }).photo;
}

function layBar(share: number, isExplained: boolean): Laid {
  return {
    height: 7,
    draw(picture, left, top) {
      const box = (width: number) => roundedBox({ left, top, width, height: 7 }, 3.5);
      fillOutline(picture, box(column), well);
      fillOutline(picture, box(Math.max(column * share, 7)), isExplained ? accent : [139, 166, 167]);
    },
  };
}

function layScores(font: Font, { scores, explained }: TrustCardRecord): Laid {
  const rows = scores.slice(0, 5).map((entry) => {
    const isExplained = entry.classIndex === explained.classIndex;
    const share = entry.probability ?? entry.score;
    const name = layEnds(font, [className(entry), classScore(entry)], {
      width: column,
      size: 17,
      color: isExplained ? ink : quiet,
    });
    return share >= 0 && share <= 1 ? stack([name, layBar(share, isExplained)], 9) : name;
  });
  return stack([layCaption(font, "What the network says"), stack(rows, 20)], 18);
}

/** The map's curve beside that of a random one; `undefined` where there is none. */
function layCurves(font: Font, title: string, { curve, randomCurve: random }: Compared): Laid | undefined {
  if (!curve) return undefined;
  const lines: ChartLine[] = [
    { ...curve, name: ownCurve, color: accent },
    ...random ? [{ ...random, name: randomCurve, color: quiet, isDashed: true }] : [],
  ];
  const chart = layLineChart(font, lines, {
    width: half,
    height: 260,
    x: axisOver([0, 1]),
    y: axisOver([0, ...lines.flatMap(({ y }) => y)]),
    below: "share of the photo",
    isFilled: true,
  });
  return stack([layText(font, title, { width: half, size: 17, color: ink, lines: 1 }), chart], 16);
}

function layFinding(font: Font, { title, text, outcome }: CardFinding): Laid {
  const mark = 24;
  const width = half - mark - 14;
  const words = stack([
    layText(font, title, { width, size: 17, color: ink, lines: 1 }),
    layText(font, text, { width, size: 15, color: quiet }),
  ], 10);
  return beside([[0, layMark(outcome, mark)], [mark + 14, stack([{ height: 5, draw: () => {} }, words], 0)]]);
}

/** Findings in two columns, each row as high as the higher of two. */
function layFindings(font: Font, { findings }: TrustCardRecord): Laid {
  const laid = findings.map((finding) => layFinding(font, finding));
  const rows = laid.flatMap((part, at) =>
    at % 2 === 0
      ? [beside([[0, part], ...laid[at + 1] ? [[half + gutter, laid[at + 1]!] as const] : []])]
      : []
  );
  return stack(rows, 26);
}

function layLine(): Laid {
  return {
    height: 1,
    draw: (picture, left, top) =>
      drawLine(picture, [[left, top + 0.5], [left + content, top + 0.5]], { width: 1, color: line }),
  };
}

function layHead(font: Font, { explained }: TrustCardRecord): Laid {
  const sure = `${className(explained)}?`;
  return stack([
    layText(font, "Trust card", { width: content, size: 15, color: accent }),
    layText(font, `Why ${sure} (${classScore(explained)})`, {
      width: content,
      size: 34,
      color: ink,
      lines: 2,
    }),
  ], 18);
}

/** What a card is drawn of, besides what it says. */
export interface CardPictures {
  /** None where a tensor was explained. */
  readonly photo: RgbaImage | undefined;
  readonly overlay: RgbaImage;
}

/**
 * A card as one picture: what was explained, the verdict, photo and overlay beside the classes, the curves, what was tried,
 * and how it came about.
 */
export async function drawCard(
  record: TrustCardRecord,
  { photo, overlay }: CardPictures,
): Promise<RgbaImage> {
  const font = await loadFont();
  const columns = [
    ...photo ? [stack([layCaption(font, "Photo"), layPicture(fitted(photo))], 14)] : [],
    stack([layCaption(font, "What the map marks"), layPicture(fitted(overlay))], 14),
    layScores(font, record),
  ];
  const pictures = beside(columns.map((part, at) => [at * (column + gutter), part] as const));
  const { deletion, insertion } = record.evidence;
  const charts = [
    layCurves(font, "Score while what the map marks is hidden", deletion),
    layCurves(font, "Score while only what it marks is shown", insertion),
  ].flatMap((chart) => chart ?? []);
  const curves = beside(charts.map((chart, at) => [at * (half + gutter), chart] as const));
  const origin = layHeading(font, { details: originDetails(record.origin) }, content);
  const all = stack([
    layHead(font, record),
    layVerdict(font, record),
    pictures,
    curves,
    layLine(),
    layFindings(font, record),
    layLine(),
    layText(font, record.limits, { width: content, size: 15, color: quiet }),
    origin,
  ], 34);
  const card = whitePaper({ height: Math.ceil(all.height + 2 * margin), width: content + 2 * margin });
  all.draw(card, margin, margin);
  return card;
}
