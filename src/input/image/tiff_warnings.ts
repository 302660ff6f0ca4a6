import { type TiffDirectory, tiffTags } from "./tiff_directory.ts";

/** The bits of the field NewSubfileType of what is no page: a smaller copy, or a mask. */
const noPage = 1 | 4;

/** How many values a pixel are colours, by the field PhotometricInterpretation; 1 where it is not listed. */
const colors: Readonly<Record<number, number>> = { 2: 3, 5: 4, 6: 3, 8: 3, 9: 3, 10: 3 };

/** What is said of values that are neither colours nor opacity. */
function extraWarning(first: TiffDirectory): string[] {
  const stored = first.value(tiffTags.samplesPerPixel, 1);
  const used = colors[first.value(tiffTags.photometric, stored < 3 ? 1 : 2)] ?? 1;
  const extras = first.values(tiffTags.extraSamples);
  const hasOpacity = extras.some((kind) => kind === 1 || kind === 2);
  if (stored <= used + (hasOpacity ? 1 : 0)) return [];
  const taken = used === 1 ? "the first is shown as grey" : `the first ${used} are shown as its colours`;
  return [`The photo has ${stored} values a pixel: ${taken}`];
}

/**
 * What the user should know of a TIFF of which a part is shown.
 *
 * @param directories All of its directories, the first of which is shown.
 */
export function tiffWarnings(directories: readonly TiffDirectory[]): readonly string[] {
  const [first] = directories;
  if (!first) return [];
  const pages = directories.filter((one) => (one.value(tiffTags.subfileType, 0) & noPage) === 0).length;
  const ofPages = pages > 1 ? [`The photo's file has ${pages} pages: the first is explained`] : [];
  return [...ofPages, ...extraWarning(first)];
}
