/**
 * What a card can be saved as. A new form is a line in the list.
 *
 * @module
 */
import { findNamed } from "../../base/find_named.ts";
import { encodePng } from "../../input/image/encode_png.ts";
import type { FileType, RenderOptions } from "../../draw/renderings/rendering.ts";
import type { RgbaImage } from "../../input/image/types.ts";

/** The name of a form. */
export type CardFormat = "png" | "html" | "json";

/** As much of a card as is written. */
export interface WritableCard {
  render(options?: RenderOptions): Promise<RgbaImage>;
  toHtml(options?: RenderOptions): Promise<string>;
  toJSON(): unknown;
}

/** A form of a card. */
export interface NamedCardFormat extends FileType {
  readonly name: CardFormat;
  /** The content of its file. */
  encode(card: WritableCard, options?: RenderOptions): Promise<Uint8Array>;
}

/** All forms, the default first. */
export const cardFormats: readonly NamedCardFormat[] = Object.freeze([
  {
    name: "png",
    extension: ".png",
    mediaType: "image/png",
    encode: async (card, options) => await encodePng(await card.render(options)),
  },
  {
    name: "html",
    extension: ".html",
    mediaType: "text/html; charset=utf-8",
    encode: async (card, options) => new TextEncoder().encode(await card.toHtml(options)),
  },
  {
    name: "json",
    extension: ".json",
    mediaType: "application/json",
    encode: (card) =>
      Promise.resolve(new TextEncoder().encode(`${JSON.stringify(card.toJSON(), null, 2)}\n`)),
  },
]);

/**
 * The form of a name.
 *
 * @throws {RangeError} If there is none.
 */
export function findCardFormat(name: string): NamedCardFormat {
  return findNamed(cardFormats, name, "form of a card");
}
