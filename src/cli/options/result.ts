import { colormaps } from "../../draw/colormaps/mod.ts";
import { opacities } from "../../draw/opacity.ts";
import { mostColumns } from "../../draw/photo_grid_size.ts";
import { largestSmallestSide, smallestSide } from "../../draw/scale_photo.ts";
import { thresholds } from "../../regions/mod.ts";
import { encodings, usualQuality } from "../../draw/encodings/mod.ts";
import { renderings } from "../../draw/renderings/mod.ts";
import { choiceRule, listRule, numberRule, type OptionSpec } from "../option.ts";

/** `--save none`: only say what was seen. */
export const saveNothing = "none";

/** Options about what is written, and where. */
export const resultOptions: readonly OptionSpec[] = [
  {
    name: "out",
    short: "o",
    value: "PATH",
    group: "Result",
    description:
      "A folder (made if its name ends in /), a file's name for a single result, or - for standard output " +
      "(default: the current folder)",
  },
  {
    name: "save",
    value: "KINDS",
    group: "Result",
    description: "What to save, separated by commas (default: overlay)",
    rule: listRule([...renderings.map(({ name }) => name), saveNothing]),
  },
  {
    name: "card",
    group: "Result",
    description:
      "Try whether the map can be trusted, and save a trust card as NAME.card.png, .html and .json, instead of other files " +
      "unless --save says so too; it takes some 200 runs of the model a photo",
  },
  {
    name: "columns",
    value: "N",
    group: "Result",
    description:
      "Draw the overlays of all photos in one picture, N in a row, instead of a file each unless --save says so too",
    rule: numberRule({ min: 1, max: mostColumns, whole: true }),
  },
  {
    name: "format",
    value: "NAME",
    group: "Result",
    description: "The format of pictures (default: as the ending of --out says, else png)",
    rule: choiceRule(encodings.map(({ name }) => name)),
  },
  {
    name: "quality",
    value: "Q",
    group: "Result",
    description: `How near to the picture a JPEG or WebP is, from 1 to 100 (default: ${usualQuality})`,
    rule: numberRule({ min: 1, max: 100 }),
  },
  {
    name: "colormap",
    value: "NAME",
    group: "Result",
    description: "The colours of the heatmap (default: viridis)",
    rule: choiceRule(colormaps.map(({ name }) => name)),
  },
  {
    name: "alpha",
    value: "A",
    group: "Result",
    description: `How much the heatmap covers the photo at most, from 0 to 1 (default: ${
      opacities.map(({ name, alpha }) => `${alpha} with --opacity ${name}`).join(", ")
    })`,
    rule: numberRule({ min: 0, max: 1 }),
  },
  {
    name: "opacity",
    value: "KIND",
    group: "Result",
    description:
      "Whether the heatmap covers hot places most and leaves cold ones as they are, or all alike " +
      `as other tools do (default: ${opacities[0]!.name})`,
    rule: choiceRule(opacities.map(({ name }) => name)),
  },
  {
    name: "contour",
    group: "Result",
    description: "Draw a line round the upper tenth of the map",
  },
  {
    name: "boxes",
    group: "Result",
    description: "Draw boxes round the regions of the map and print them; JSON has them too",
  },
  {
    name: "threshold",
    value: "NAME",
    group: "Result",
    description: `How a region of the map is found (default: ${thresholds[0]!.name})`,
    rule: choiceRule(thresholds.map(({ name }) => name)),
  },
  {
    name: "level",
    value: "N",
    group: "Result",
    description:
      "The threshold's number: a part of the map's maximum, or a quantile of its values (default: " +
      `${
        thresholds.flatMap(({ name, level }) =>
          level === undefined ? [] : `${level} with --threshold ${name}`
        ).join(", ")
      })`,
    rule: numberRule({ min: 0, max: 1 }),
  },
  {
    name: "min-side",
    value: "N",
    group: "Result",
    description:
      `Enlarge overlay and heatmap of small photos until the longer side has N pixels, 0 for never (default: ${smallestSide})`,
    rule: numberRule({ min: 0, max: largestSmallestSide, whole: true }),
  },
  {
    name: "max-side",
    value: "N",
    group: "Result",
    description:
      "Reduce overlay and heatmap of large photos until the longer side has N pixels (default: as large as the photo)",
    rule: numberRule({ min: 1, whole: true }),
  },
  {
    name: "json",
    group: "Result",
    description: "Print one line of JSON a photo instead of text",
  },
  {
    name: "quiet",
    short: "q",
    group: "Result",
    description: "Print errors only",
  },
];

/** Options about many photos. */
export const folderOptions: readonly OptionSpec[] = [
  {
    name: "recursive",
    short: "r",
    group: "Result",
    description: "Go through the folders inside folders too",
  },
  {
    name: "skip-existing",
    group: "Result",
    description: "Pass over photos whose results are there already",
  },
];
