/// <reference lib="dom" />
import { encodeNpy } from "../../../../draw/npy.ts";
import { drawHeatmap, drawOverlay, heatmapOf } from "../drawing.ts";
import { scoreOf, subjectOf } from "../words.ts";
import { askPanel } from "./ask_panel.ts";
import { enlarge } from "./enlarge.ts";
import { encodePictures } from "./pictures.ts";
import type { Seen, SeenMap } from "./seen.ts";

/** Something that what is seen can be saved as. */
export type SaveKind =
  & {
    /** The rendering's name. */
    readonly name: string;
    /** What the button says. */
    readonly title: string;
    /** What it is. */
    readonly description: string;
    /** The ending of its files, with its dot. */
    readonly ending: string;
  }
  & (
    | { /** Make one file of all maps. */ readonly makeOne: (seen: Seen) => Promise<Blob> }
    | {
      /** Make a file of each map. */ readonly makeEach: (map: SeenMap, seen: Seen) => Blob | Promise<Blob>;
    }
  );

function captionOf({ explanation }: SeenMap): string {
  const { maps: [map], unit, layer, method } = explanation;
  return `${subjectOf(map!, unit)} ${scoreOf(map!, explanation)} · ${layer} · ${method}`;
}

function makePictures(draw: typeof drawOverlay): (seen: Seen) => Promise<Blob> {
  return async ({ state, picture, maps }) => {
    const canvas = enlarge(picture.full);
    return await encodePictures(maps.map((map) => ({
      picture: draw(canvas, map.explanation, state.settings),
      caption: captionOf(map),
    })));
  };
}

/** The map's numbers, by the code that the server writes them with. */
function writeNpy({ explanation: { maps: [map] } }: SeenMap): Blob {
  const { data, height, width } = heatmapOf(map!.heatmap);
  const bytes = encodeNpy(data, [height, width]) as Uint8Array<ArrayBuffer>;
  return new Blob([bytes], { type: "application/octet-stream" });
}

function writeJson({ explanation }: SeenMap): Blob {
  return new Blob([`${JSON.stringify(explanation)}\n`], { type: "application/json" });
}

/** All of them. */
export const saveKinds: readonly SaveKind[] = [
  {
    name: "overlay",
    title: "Overlay",
    description: "The map over the photo, as a PNG",
    ending: ".png",
    makeOne: makePictures(drawOverlay),
  },
  {
    name: "heatmap",
    title: "Heatmap",
    description: "The map alone, as a PNG",
    ending: ".png",
    makeOne: makePictures(drawHeatmap),
  },
  {
    name: "panel",
    title: "Panel",
    description: "Photo, map and overlay with how they came about, as a PNG",
    ending: ".png",
    makeEach: askPanel,
  },
  {
    name: "heatmap",
    title: "NumPy",
    description: "The map’s numbers, as an NPY",
    ending: ".npy",
    makeEach: writeNpy,
  },
  {
    name: "explanation",
    title: "JSON",
    description: "Map, scores, layer, times and warnings",
    ending: ".json",
    makeEach: writeJson,
  },
];
