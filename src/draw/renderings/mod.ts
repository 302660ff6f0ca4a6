/**
 * The registry of what an explanation can be saved as. The command line tool and the server read it; a new
 * form is one file beside this one and one line in the list.
 *
 * @module
 */
import { findNamed } from "../../base/find_named.ts";
import { componentsRendering } from "./components.ts";
import { heatmapRendering } from "./heatmap.ts";
import { jsonRendering } from "./json.ts";
import { npyRendering } from "./npy.ts";
import { overlayRendering } from "./overlay.ts";
import { panelRendering } from "./panel.ts";
import { type EncodingOptions, encodings, findEncoding } from "../encodings/mod.ts";
import type { FileType, NamedRendering, RenderOptions } from "./rendering.ts";

export type { FileType, RenderOptions };

/** The name of a rendering. */
export type RenderingName = "overlay" | "heatmap" | "panel" | "components" | "npy" | "json";

/** Something an explanation can be saved as: a picture, or data. */
export type Rendering = NamedRendering<RenderingName>;

/** All renderings, the default first. */
export const renderings: readonly Rendering[] = Object.freeze([
  overlayRendering,
  heatmapRendering,
  panelRendering,
  componentsRendering,
  npyRendering,
  jsonRendering,
]);

/** The endings that pictures' files can have. */
const pictureEndings: readonly string[] = encodings.flatMap(({ endings }) => endings);

/**
 * The endings that the files of a rendering can have, each with its dot.
 *
 * @param rendering The rendering.
 * @param options The format of pictures, where it is chosen; else pictures can be in any.
 */
export function endingsOf(
  { fileType }: Rendering,
  { format }: Pick<EncodingOptions, "format"> = {},
): readonly string[] {
  if (fileType) return [fileType.extension];
  return format === undefined ? pictureEndings : findEncoding(format).endings;
}

/** The endings of files that there are, in words. */
export const renderingEndings: string = [...new Set(renderings.flatMap((rendering) => endingsOf(rendering)))]
  .join(", ");

/** The first rendering whose files can have an ending, in small letters and with its dot. */
export function renderingOfEnding(ending: string): Rendering | undefined {
  return renderings.find((rendering) => endingsOf(rendering).includes(ending));
}

/**
 * What kind of file a rendering is written as.
 *
 * @param rendering The rendering.
 * @param options The format of pictures.
 * @throws {RangeError} If there is no such format.
 */
export function fileTypeOf(
  { fileType }: Rendering,
  { format }: Pick<EncodingOptions, "format"> = {},
): FileType {
  if (fileType) return fileType;
  const { endings: [extension], mediaType } = findEncoding(format);
  return { extension, mediaType };
}

/**
 * The rendering of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findRendering(name: string): Rendering {
  return findNamed(renderings, name, "rendering");
}
