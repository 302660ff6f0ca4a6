import { cut } from "../base/quote.ts";

/** Text that is HTML already. */
export class Markup {
  /** @param text It goes into the page as it is. */
  constructor(readonly text: string) {}
}

/** What can stand in a template: text and numbers are escaped, markup stays, a list is joined, nothing is left out. */
export type Content = string | number | Markup | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Characters that mean something in HTML, those that no HTML may hold, and those that turn around what stands beside them. */
// deno-lint-ignore no-control-regex -- control characters are what it is about
const special = /[&<>"'\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;

/** Text as HTML shows it, within elements and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(special, (character) => entities[character] ?? "\ufffd");
}

function textOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Markup) return content.text;
  return typeof content === "object" ? content.map(textOf).join("") : escapeHtml(String(content));
}

/** Markup with values in it, which are escaped unless they are markup. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + textOf(values[at - 1]) + part));
}

/** The longest name that a report shows whole, in characters. */
const longestName = 90;

/** A name that somebody gave: what cannot be printed is shown as its code, what is too long is cut in the middle. */
export function nameText(name: string): string {
  return cut(name, longestName);
}
