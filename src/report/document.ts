import { html, Markup } from "./html.ts";
import { styles } from "./styles.ts";

/** Nothing is asked for from anywhere, and nothing runs. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** What a page is made of. */
export interface DocumentParts {
  readonly title: string;
  /** What stands above all. */
  readonly header: Markup;
  readonly main: Markup;
}

/** A page that needs no other file and no script, light or dark as the reader prefers. */
export function documentOf({ title, header, main }: DocumentParts): string {
  const { text } = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <style>${new Markup(styles)}</style>
      </head>
      <body><a class="skip" href="#main">To the content</a>
    <header>${header}</header>
    <main id="main">
    ${main}</main>
      </body>
    </html>
  `;
  return text.trimStart();
}
