import { OutputError } from "../../base/errors.ts";
import { checkOptionTypes } from "../../base/options.ts";
import { quote } from "../../base/quote.ts";
import { encodePicture } from "../../draw/encodings/mod.ts";
import { type RenderOptions, renderRules } from "../../draw/renderings/rendering.ts";
import { drawnSize, scalePhoto } from "../../draw/scale_photo.ts";
import type { Explanation } from "../../explain/explanation.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import { writeWhole } from "../../platform/write.ts";
import { type CardFormat, cardFormats, findCardFormat } from "./formats.ts";
import { cardHtml } from "./page.ts";
import { drawCard } from "./picture.ts";
import type { TrustCardRecord } from "./record.ts";
import type { Verdict } from "./verdict.ts";

/** The longest side of pictures in cards, in pixels. */
const longestSide = 960;

/** The photo at the size that cards show; `undefined` where a tensor was explained. */
function smallPhoto({ photo }: Explanation): RgbaImage | undefined {
  return photo && scalePhoto({ photo }, drawnSize(photo, { minSide: 0, maxSide: longestSide })).photo;
}

/** The map over the photo, or alone where there is none. */
async function drawMap(explanation: Explanation, options: RenderOptions): Promise<RgbaImage> {
  const kind = explanation.photo ? "overlay" : "heatmap";
  return await explanation.render(kind, { maxSide: longestSide, ...options });
}

async function urlOf(picture: RgbaImage): Promise<string> {
  return `data:image/jpeg;base64,${(await encodePicture(picture, { format: "jpeg" })).toBase64()}`;
}

/** Whether a map can be trusted, and why: what `trustCard()` found. It is frozen. */
export class TrustCard {
  /** All that it says. */
  readonly record: TrustCardRecord;
  /** The map that it is about. */
  readonly explanation: Explanation;

  /**
   * Hold what was found.
   *
   * @param record All that it says.
   * @param explanation The map that it is about.
   */
  constructor(record: TrustCardRecord, explanation: Explanation) {
    this.record = Object.freeze(record);
    this.explanation = explanation;
    Object.freeze(this);
  }

  /** What it comes to. */
  get verdict(): Verdict {
    return this.record.verdict;
  }

  /**
   * The card as one picture.
   *
   * @param options How the map is drawn over the photo.
   * @throws {RangeError} If there is no such colour map or kind of opacity, or a number is out of range.
   * @throws {TypeError} If there is no such option, or it is of a wrong type.
   */
  async render(options: RenderOptions = {}): Promise<RgbaImage> {
    checkOptionTypes("render()", options, renderRules);
    const { explanation } = this;
    return await drawCard(this.record, {
      photo: smallPhoto(explanation),
      overlay: await drawMap(explanation, options),
    });
  }

  /**
   * The card as one HTML file, which asks for no other file and runs no script.
   *
   * @param options How the map is drawn over the photo.
   * @throws As `render`.
   */
  async toHtml(options: RenderOptions = {}): Promise<string> {
    checkOptionTypes("toHtml()", options, renderRules);
    const photo = smallPhoto(this.explanation);
    return cardHtml(this.record, {
      photo: photo && await urlOf(photo),
      overlay: await urlOf(await drawMap(this.explanation, options)),
    });
  }

  /** All that it says, ready for `JSON.stringify`. */
  toJSON(): TrustCardRecord {
    return this.record;
  }

  /**
   * The card as the content of a file.
   *
   * @param format `"png"`, `"html"` or `"json"`.
   * @param options How the map is drawn over the photo.
   * @throws {RangeError} If there is no such form; and as `render`.
   */
  async encode(format: CardFormat = "png", options: RenderOptions = {}): Promise<Uint8Array> {
    return await findCardFormat(format).encode(this, options);
  }

  /**
   * Save the card: under a temporary name first, so that the file is whole or not there.
   *
   * @param path Where to; the ending chooses the form: .png, .html or .json.
   * @param options How the map is drawn over the photo.
   * @throws {OutputError} If it cannot be written, or no card is saved under such an ending.
   */
  async save(path: string | URL, options: RenderOptions = {}): Promise<void> {
    const lower = String(path).toLowerCase();
    const format = cardFormats.find(({ extension }) => lower.endsWith(extension));
    if (!format) {
      const endings = cardFormats.map(({ extension }) => extension).join(", ");
      throw new OutputError(`Cannot save the card as ${quote(path)}: use a name that ends in ${endings}`);
    }
    await writeWhole(path, await this.encode(format.name, options));
  }
}
