import { html, type Markup } from "./html.ts";

/** A thing and what it is; left out where there is nothing to say. */
export type Fact = readonly [name: string, value: string | Markup | undefined];

/** Things and what they are, one below the other. */
export function factList(facts: readonly Fact[]): Markup {
  return html`<dl class="facts">${
    facts.map(([name, value]) =>
      value === undefined ? undefined : html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}

/** Text that is to be copied as it is. */
export function code(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : html`<code>${text}</code>`;
}
