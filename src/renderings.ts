/**
 * The registry of what an explanation can be saved as. The command line tool and the server read it; a new
 * form is one line in {@linkcode renderings}.
 *
 * @module
 */
import type { ClassMap, Explanation } from "./explanation.ts";
import type { RgbaImage } from "./image/types.ts";
import { nearest } from "./nearest.ts";
import { encodeNpy } from "./npy.ts";
import { renderHeatmap, renderOverlay } from "./overlay.ts";
import { renderPanel } from "./panel.ts";

/** How an explanation is drawn. */
export interface RenderOptions {
  /**
   * The colour map's name.
   * @default {"viridis"}
   */
  readonly colormap?: string | undefined;
  /**
   * The heatmap's opacity over the photo, 0 to 1.
   * @default {0.4}
   */
  readonly alpha?: number | undefined;
  /**
   * Which of the explained classes, by its place in `maps`.
   * @default {0}
   */
  readonly map?: number | undefined;
}

/** Something an explanation can be saved as: a picture, or data. */
export type Rendering =
  & {
    /** The name in options, such as `"overlay"`. */
    readonly name: string;
    /** One line for the help text. */
    readonly description: string;
    /** The ending of files, with its dot. */
    readonly extension: string;
    /** The media type. */
    readonly mediaType: string;
  }
  & (
    | {
      readonly draw: (explanation: Explanation, options: RenderOptions) => RgbaImage;
      readonly write?: never;
    }
    | {
      readonly write: (explanation: Explanation, options: RenderOptions) => Uint8Array;
      readonly draw?: never;
    }
  );

const png = { extension: ".png", mediaType: "image/png" };

/** The class that is drawn. */
function mapOf({ maps }: Explanation, { map = 0 }: RenderOptions): ClassMap {
  const chosen = maps[map];
  if (!chosen) {
    throw new RangeError(`Cannot draw map ${map}: the explanation has maps 0 to ${maps.length - 1}`);
  }
  return chosen;
}

function photoOf({ photo }: Explanation): RgbaImage {
  if (!photo) throw new TypeError("Cannot draw on the photo: a tensor was explained, so there is none");
  return photo;
}

/** All renderings, the default first. */
export const renderings: readonly Rendering[] = Object.freeze([
  {
    name: "overlay",
    description: "the heatmap laid over the photo, at the photo's size",
    ...png,
    draw: (explanation: Explanation, options: RenderOptions) =>
      renderOverlay(photoOf(explanation), mapOf(explanation, options).heatmap, {
        ...options,
        placement: explanation.placement,
      }),
  },
  {
    name: "heatmap",
    description: "the heatmap alone, at the photo's size",
    ...png,
    draw: (explanation: Explanation, options: RenderOptions) => {
      const { heatmap } = mapOf(explanation, options);
      const { height, width } = explanation.photo ?? heatmap;
      return renderHeatmap(heatmap, { ...options, height, width, placement: explanation.placement });
    },
  },
  {
    name: "panel",
    description: "photo, heatmap and overlay side by side, with class, score and colour bar",
    ...png,
    draw: (explanation: Explanation, options: RenderOptions) => {
      const { heatmap, classIndex, label, score } = mapOf(explanation, options);
      return renderPanel(photoOf(explanation), heatmap, {
        ...options,
        placement: explanation.placement,
        title: `${classIndex}${label ? ` ${label}` : ""}  ${score.toFixed(3)}`,
        subtitle: `${explanation.method} at ${explanation.layer}, ${explanation.scoreKind}`,
      });
    },
  },
  {
    name: "npy",
    description: "the heatmap's numbers, [h, w] float32, for NumPy",
    extension: ".npy",
    mediaType: "application/octet-stream",
    write: (explanation: Explanation, options: RenderOptions) => {
      const { data, height, width } = mapOf(explanation, options).heatmap;
      return encodeNpy(data, [height, width]);
    },
  },
  {
    name: "json",
    description: "everything: maps, scores, layer, backend, versions, times, warnings",
    extension: ".json",
    mediaType: "application/json",
    write: (explanation: Explanation) => new TextEncoder().encode(`${JSON.stringify(explanation)}\n`),
  },
]);

/**
 * The rendering of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findRendering(name: string): Rendering {
  const rendering = renderings.find((candidate) => candidate.name === name);
  if (rendering) return rendering;
  const names = renderings.map((candidate) => candidate.name);
  throw new RangeError(
    `Unknown rendering "${name}": use one of ${nearest(name, names, names.length).join(", ")}`,
  );
}
