import { colormaps, findColormap } from "../../draw/colormaps/mod.ts";
import { encodings, type PictureEncoding } from "../../draw/encodings/mod.ts";
import { findOpacity, opacities } from "../../draw/opacity.ts";
import { findThreshold, thresholds } from "../../regions/mod.ts";
import { findRendering, type Rendering, renderings } from "../../draw/renderings/mod.ts";
import { type Parameter, type Reading, repeated, single } from "../parameter.ts";
import { between, choice, flag, namesOf, whole } from "../parameter_kinds.ts";

/** The largest side that small photos are enlarged to, in pixels. */
const largestMinSide = 1024;

/** What an answer can be, or how its pictures are written. */
type Form = Rendering | PictureEncoding;

function isEncoding(form: Form): form is PictureEncoding {
  return encodings.some((encoding) => encoding === form);
}

/** @throws {RangeError} If there is neither such a rendering nor such a format of pictures. */
function findForm(name: string): Form {
  return encodings.find((encoding) => encoding.name === name) ?? findRendering(name);
}

/** @throws {RangeError} If pictures are to be written in several formats at once. */
function setForms(reading: Reading, forms: readonly Form[]): void {
  const wanted = [...new Set(forms)];
  reading.renderings = wanted.filter((form) => !isEncoding(form)) as Rendering[];
  const [format, ...others] = wanted.filter(isEncoding);
  if (!format) return;
  if (others.length > 0) {
    const names = namesOf([format, ...others]).join(" and ");
    throw new RangeError(`Cannot write pictures as ${names} at once: give one of them`);
  }
  reading.drawing.format = format.name;
  const isDrawn = reading.renderings.some(({ draw }) => draw);
  if (!isDrawn) reading.renderings.unshift(renderings[0]!); // it is a picture's
}

/** What to answer with, and how it is drawn. */
export const pictureParameters: readonly Parameter[] = [
  single({
    name: "colormap",
    what: "The colours of the heatmap",
    kind: choice(namesOf(colormaps), (name) => findColormap(name).name),
    set: ({ drawing }, colormap) => drawing.colormap = colormap,
  }),
  single({
    name: "alpha",
    what: "How much the heatmap covers the photo at most, from 0 to 1",
    example: 0.5,
    kind: between(0, 1),
    set: ({ drawing }, alpha) => drawing.alpha = alpha,
  }),
  single({
    name: "opacity",
    what: "Whether the heatmap covers hot places most, or all alike",
    kind: choice(namesOf(opacities), (name) => findOpacity(name).name),
    set: ({ drawing }, opacity) => drawing.opacity = opacity,
  }),
  single({
    name: "contour",
    what: "Draw a line round the upper tenth of the map",
    kind: flag,
    set: ({ drawing }, contour) => drawing.contour = contour,
  }),
  single({
    name: "boxes",
    what: "Draw boxes round the regions of the map; JSON has them too",
    kind: flag,
    set: ({ drawing }, boxes) => drawing.boxes = boxes,
  }),
  single({
    name: "threshold",
    what: "How a region of the map is found",
    kind: choice(namesOf(thresholds), (name) => findThreshold(name).name),
    set: ({ drawing }, threshold) => drawing.threshold = threshold,
  }),
  single({
    name: "level",
    what: "The threshold's number: a part of the map's maximum, or a quantile of its values",
    example: 0.2,
    kind: between(0, 1),
    set: ({ drawing }, level) => drawing.level = level,
  }),
  single({
    name: "minSide",
    what: "Enlarge overlay and heatmap of small photos until the longer side has so many pixels, 0 for never",
    example: 0,
    kind: whole(0, () => largestMinSide),
    set: ({ drawing }, minSide) => drawing.minSide = minSide,
  }),
  single({
    name: "maxSide",
    what: "Reduce overlay and heatmap of large photos until the longer side has so many pixels at most",
    example: 1024,
    kind: whole(1, ({ limits }) => limits.maxSide),
    set: ({ drawing }, maxSide) => drawing.maxSide = maxSide,
  }),
  repeated({
    name: "format",
    what:
      "What to answer with, several make a form with a part each; and how pictures are written, one of them",
    kind: choice([...namesOf(renderings), ...namesOf(encodings)], findForm),
    most: () => renderings.length + 1,
    set: setForms,
  }),
  single({
    name: "quality",
    what: "How good pictures are that are not written exactly, JPEG and WebP, from 1 to 100",
    example: 80,
    kind: whole(1, () => 100),
    set: ({ drawing }, quality) => drawing.quality = quality,
  }),
];
