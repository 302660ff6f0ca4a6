import type { BackendInfo } from "../../backends/mod.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { OutputError } from "../base/errors.ts";
import type { Heatmap } from "../base/heatmap.ts";
import { imageFormats } from "../input/image/mod.ts";
import type { PixelChoice } from "../input/evidence.ts";
import type { OriginalPhoto } from "../input/plan.ts";
import type { Placement, RgbaImage } from "../input/image/types.ts";
import {
  chooseEncoding,
  encodePicture,
  encodingOfEnding,
  type EncodingOptions,
  encodingRules,
  encodings,
  findEncoding,
  type PictureFormat,
} from "../draw/encodings/mod.ts";
import {
  findRendering,
  renderingEndings,
  type RenderingName,
  renderingOfEnding,
  renderings,
  type RenderOptions,
} from "../draw/renderings/mod.ts";
import { boxRules } from "../draw/boxes.ts";
import { mapOf, renderRules } from "../draw/renderings/rendering.ts";
import { checkOptionTypes, numberRule, type OptionRules, textRule, withoutRules } from "../base/options.ts";
import { cut, quote } from "../base/quote.ts";
import { release } from "../base/release.ts";
import { fineEvidence } from "../regions/evidence.ts";
import type { MaskOptions } from "../regions/mask.ts";
import { type MapRegion, regionsOf } from "../regions/region_boxes.ts";
import type { ScoreKind, UnitReading } from "../split/model.ts";
import { writeWhole } from "../platform/write.ts";
import { inWords } from "./in_words.ts";
import type { ClassMap, ComponentMap, ExplanationRecord } from "./record.ts";

export type { ClassMap, ComponentMap, ExplanationRecord };

/** Options of encoding an explanation: how it is drawn, and how a picture is written. */
export interface EncodeOptions extends RenderOptions, EncodingOptions {}

/** What each of them can be. */
export const encodeRules: OptionRules<EncodeOptions> = { ...renderRules, ...encodingRules };

/** Options of finding the regions of an explanation. */
export interface RegionOptions extends MaskOptions {
  /**
   * Which of the maps, by its place in `maps`.
   * @default {0}
   */
  readonly map?: number | undefined;
}

/** What each of them can be. */
export const regionRules: OptionRules<RegionOptions> = {
  ...withoutRules(boxRules, "boxes"),
  map: numberRule("the place of a map in maps"),
};

/** Options of saving an explanation. */
export interface SaveOptions extends EncodeOptions {
  /**
   * What to save, as in the registry of renderings.
   * @default {by the path's ending: "npy", "json", else "overlay"}
   */
  readonly kind?: RenderingName | undefined;
  /**
   * The format of pictures: `"png"` keeps every pixel as it is, `"jpeg"` and `"webp"` make files of a tenth of its size.
   * @default {by the path's ending, else "png"}
   */
  readonly format?: PictureFormat | undefined;
}

/** What each of them can be. */
export const saveRules: OptionRules<SaveOptions> = {
  ...encodeRules,
  kind: textRule("the name of a rendering"),
};

/** The ending of a file's name, in small letters and with its dot; empty where there is none. */
function endingOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return /\.[a-z]\w*$/i.exec(name)?.[0].toLowerCase() ?? "";
}

/** @throws {OutputError} Always: nothing is saved under such an ending. */
function refuseEnding(path: string, ending: string): never {
  const isPicture = imageFormats.some(({ endings }) => endings.includes(ending.slice(1)));
  const reason = isPicture
    ? `pictures are written as ${encodings.map(({ title }) => title).join(", ")}`
    : `use a name that ends in ${renderingEndings}`;
  throw new OutputError(`Cannot save ${quote(path)} as ${cut(ending.slice(1).toUpperCase(), 20)}: ${reason}`);
}

/**
 * What is saved under a path: what is asked for, else what its ending says; a name without one is the overlay's.
 *
 * @throws {OutputError} If nothing is saved under such an ending, or it is another picture's.
 */
function chooseContent(
  path: string,
  { kind, format }: Pick<SaveOptions, "kind" | "format">,
): { kind: RenderingName; format: PictureFormat | undefined } {
  const ending = endingOf(path);
  const said = encodingOfEnding(ending);
  const rendering = kind !== undefined
    ? findRendering(kind)
    : ending === ""
    ? renderings[0]!
    : renderingOfEnding(ending) ?? refuseEnding(path, ending);
  if (!rendering.draw) return { kind: rendering.name, format };
  if (said && format !== undefined && said.name !== format) {
    const { title, endings } = findEncoding(format);
    throw new OutputError(
      `Cannot save ${quote(path)} as ${title}: use a name that ends in ${endings.join(" or ")}`,
    );
  }
  const isOthers = !said && imageFormats.some(({ endings }) => endings.includes(ending.slice(1)));
  if (isOthers) refuseEnding(path, ending);
  return { kind: rendering.name, format: format ?? said?.name };
}

/** An explained picture: the maps, the scores, and how they came about. It is frozen. */
export class Explanation {
  /** The maps, one a class, in the order asked for. */
  readonly maps: ExplanationRecord["maps"];
  /** The classes with the highest scores, best first. */
  readonly scores: ExplanationRecord["scores"];
  /** The name of the photo's file, without the folders that lead there; `undefined` for bytes, pixels and tensors. */
  readonly photoName: string | undefined;
  /** The name of the model's file or folder, likewise; `undefined` for bytes, and for a model that the caller holds. */
  readonly modelName: string | undefined;
  /** The method's name. */
  readonly method: string;
  /** The full path of the layer that the maps are of; of several, joined by `" + "`. */
  readonly layer: string;
  /** The name of the model's output that the scores are of. */
  readonly output: string | undefined;
  /**
   * What the output says where it is one unit: the probability `"sigmoid"` or the `"logit"` of two classes, class 0 its own
   * and class 1 the opposite, or a `"regression"`.
   */
  readonly unit: UnitReading | undefined;
  /** Whether scores are probabilities, 0 to 1: behind a softmax or a sigmoid, or in any other way parts that add up to 1. */
  readonly probabilities: boolean;
  /** Which score the gradient was taken of. */
  readonly scoreKind: ScoreKind;
  /** Whether values below zero were cut off before maps were scaled. */
  readonly relu: boolean;
  /** The backend that computed. */
  readonly backend: BackendInfo;
  /** Versions of what took part, by name. */
  readonly versions: ExplanationRecord["versions"];
  /** How long each part took, in milliseconds: decode, prepare, forward, backward, total; and each method, by its name. */
  readonly times: ExplanationRecord["times"];
  /** What the user should know. */
  readonly warnings: ExplanationRecord["warnings"];
  /** How the photo's pixels were scaled, and what showed that this is the model's way. */
  readonly pixels: PixelChoice | undefined;
  /** The photo, upright and opaque, unless a tensor was explained; reduced where the option `keptPhotoSide` says so. */
  readonly photo: RgbaImage | undefined;
  /** Where on that photo the model looked. */
  readonly placement: Placement | undefined;
  /** The photo's own size, and where on it the model looked, in its own pixels. */
  readonly original: OriginalPhoto | undefined;

  /**
   * Freeze what was found out.
   *
   * @param record Everything there is to say; at least one map.
   */
  constructor(record: ExplanationRecord) {
    this.maps = Object.freeze(record.maps.map((map) => Object.freeze({ ...map })));
    this.scores = Object.freeze(record.scores.map((score) => Object.freeze({ ...score })));
    this.photoName = record.photoName;
    this.modelName = record.modelName;
    this.method = record.method;
    this.layer = record.layer;
    this.output = record.output;
    this.unit = record.unit;
    this.probabilities = record.probabilities ?? false;
    this.scoreKind = record.scoreKind;
    this.relu = record.relu ?? false;
    this.backend = record.backend;
    this.versions = Object.freeze({ ...record.versions });
    this.times = Object.freeze({ ...record.times });
    this.warnings = Object.freeze([...record.warnings]);
    this.pixels = record.pixels;
    this.photo = record.photo;
    this.placement = record.placement;
    const { photo, placement } = record;
    this.original = record.original ??
      (photo && placement && { height: photo.height, width: photo.width, placement });
    Object.freeze(this);
  }

  /** The first class's map, 0 to 1. */
  get heatmap(): Heatmap {
    return this.maps[0]!.heatmap;
  }

  /** The first class's index. */
  get classIndex(): number {
    return this.maps[0]!.classIndex;
  }

  /** The first class's name, where the labels are known. */
  get label(): string | undefined {
    return this.maps[0]!.label;
  }

  /** The first class's score: the model's own output for it. */
  get score(): number {
    return this.maps[0]!.score;
  }

  /** Whether the first class's map means anything, and why not. */
  get diagnosis(): Diagnosis {
    return this.maps[0]!.diagnosis;
  }

  /**
   * The regions of a map: where on the photo its values that speak for the class reach a threshold, the largest first.
   *
   * @param options Which map, and which values belong to a region: 15 % of the map's maximum, as in the Grad-CAM paper, if nothing is
   * said. The map is enlarged bilinearly, with values below zero cut off.
   * @returns Boxes and contours in the photo's own pixels, whatever the fitting to the model's input; none where nothing in the map
   * speaks for the class.
   * @throws {RangeError} If there is no such map or threshold, or a number is out of range.
   * @throws {TypeError} If a tensor was explained, so that there is no photo.
   */
  regions(options: RegionOptions = {}): readonly MapRegion[] {
    checkOptionTypes("regions()", options, regionRules);
    const { map, ...how } = options;
    const { raw } = mapOf(this, { map });
    if (!this.original) throw new TypeError("Cannot find regions on a photo: a tensor was explained");
    return regionsOf(fineEvidence(raw, this.original.placement), this.original, how);
  }

  /**
   * Draw the explanation. Text needs a font, which is loaded when a panel is first drawn.
   *
   * @param kind `"overlay"`, `"heatmap"` or `"panel"`.
   * @throws {RangeError} If there is no such picture, class, colour map or kind of opacity, or a number is out of range.
   * @throws {TypeError} If a tensor was explained, so that there is no photo to draw on.
   */
  async render(kind: RenderingName = "overlay", options: RenderOptions = {}): Promise<RgbaImage> {
    checkOptionTypes("render()", options, renderRules);
    const { draw } = findRendering(kind);
    if (!draw) throw new RangeError(`Cannot draw ${quote(kind)}: it is no picture`);
    return await draw(this, options);
  }

  /**
   * The explanation as the content of a file.
   *
   * @param kind `"overlay"`, `"heatmap"` and `"panel"` give a picture, `"npy"` NumPy's format, `"json"` JSON.
   * @param options How pictures are drawn, and whether as a PNG, JPEG or WebP. Of what the photo's file said besides its
   * pixels, such as where it was taken, nothing is in them.
   * @throws {RangeError} As `render`; or if there is no such format or quality, or the format cannot hold so large a picture.
   * @throws {TypeError} As `render`.
   */
  async encode(kind: RenderingName = "overlay", options: EncodeOptions = {}): Promise<Uint8Array> {
    checkOptionTypes("encode()", options, encodeRules);
    const { draw, write } = findRendering(kind);
    if (!draw) return write(this, options);
    chooseEncoding(options); // before anything is drawn
    const picture = await draw(this, options);
    const content = await encodePicture(picture, options);
    if (picture.data !== this.photo?.data) release(picture.data);
    return content;
  }

  /**
   * Save the explanation: under a temporary name first, so that the file is whole or not there.
   *
   * @param path Where to; the ending chooses what is saved, and in which format, unless `kind` and `format` do.
   * @throws {OutputError} If it cannot be written, or nothing is saved under such an ending.
   * @throws {TypeError} If an option is unknown or of a wrong type.
   */
  async save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    checkOptionTypes("save()", options, saveRules);
    const { kind, format } = chooseContent(String(path), options);
    const { kind: _, ...drawing } = options;
    await writeWhole(path, await this.encode(kind, { ...drawing, format }));
  }

  /** The explanation as Jupyter shows it: its overlay, or of a tensor its heatmap, and in words. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    const png = await this.encode(this.photo ? "overlay" : "heatmap");
    return { "image/png": png.toBase64(), "text/plain": inWords(this) };
  }

  /** The explanation as Deno's console shows it, in three lines. */
  [Symbol.for("Deno.customInspect")](): string {
    return inWords(this);
  }

  /** The explanation as Node's console shows it, likewise. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return inWords(this);
  }

  /** Everything but the photo, ready for `JSON.stringify`; the maps as plain arrays, row by row. */
  toJSON(): Record<string, unknown> {
    const { original } = this;
    const plain = ({ data, height, width }: Heatmap) => ({ height, width, data: Array.from(data) });
    const named = <Of extends { readonly label: string | undefined }>({ label, ...rest }: Of) => ({
      label: label ?? null,
      ...rest,
    });
    const plainComponent = ({ heatmap, raw, classes }: ComponentMap) => ({
      classes: classes.map(named),
      heatmap: plain(heatmap),
      raw: plain(raw),
    });
    return {
      photoName: this.photoName ?? null,
      modelName: this.modelName ?? null,
      method: this.method,
      layer: this.layer,
      output: this.output ?? null,
      unit: this.unit ?? null,
      probabilities: this.probabilities,
      scoreKind: this.scoreKind,
      relu: this.relu,
      maps: this.maps.map(({ heatmap, raw, components, ...map }) => ({
        ...named(map),
        ...(components && { components: components.map(plainComponent) }),
        heatmap: plain(heatmap),
        raw: plain(raw),
      })),
      scores: this.scores.map(named),
      backend: this.backend,
      versions: this.versions,
      times: this.times,
      warnings: this.warnings,
      pixels: this.pixels ? { ...this.pixels.preprocessing, note: this.pixels.note } : null,
      photo: original ? { height: original.height, width: original.width } : null,
      placement: original?.placement ?? null,
    };
  }
}
