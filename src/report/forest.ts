import { html, type Markup } from "./html.ts";

/** A row of a table with intervals drawn in it. */
export interface ForestRow {
  readonly name: Markup | string;
  /** The dot and the interval. */
  readonly plot: Markup;
  readonly value: string;
  readonly interval: string;
  readonly last: Markup | string;
}

/** What stands above its columns. */
export interface ForestHead {
  /** What the table shows, for who does not see it. */
  readonly caption: string;
  readonly name: string;
  readonly axis: Markup;
  readonly value: string;
  readonly interval: string;
  readonly last: Markup | string;
}

/** On narrow screens rows are laid out in two lines, after which some browsers need to be told that they are rows. */
function rowOf({ name, plot, value, interval, last }: ForestRow): Markup {
  return html`
    <tr role="row">
      <th scope="row" role="rowheader">${name}</th>
      <td role="cell" class="plot">${plot}</td>
      <td role="cell">${value}<small>${interval}</small></td>
      <td role="cell">${last}</td>
    </tr>
  `;
}

/**
 * A table whose second column draws what the third says in numbers.
 *
 * @param rows What is looked at.
 * @param controls What it is compared with, below a line.
 */
export function forestTable(
  { caption, name, axis, value, interval, last }: ForestHead,
  rows: readonly ForestRow[],
  controls: readonly ForestRow[] = [],
): Markup {
  const head = html`
    <tr role="row">
      <th scope="col" role="columnheader">${name}</th>
      <th scope="col" role="columnheader" class="plot">${axis}</th>
      <th scope="col" role="columnheader">${value}<small>${interval}</small></th>
      <th scope="col" role="columnheader">${last}</th>
    </tr>
  `;
  const below = controls.length === 0
    ? undefined
    : html`<tbody role="rowgroup" class="controls">${controls.map(rowOf)}</tbody>`;
  return html`
    <table class="forest"
      role="table"><caption class="unseen">${caption}</caption><thead role="rowgroup">${head}</thead><tbody role="rowgroup">${rows
        .map(rowOf)}</tbody>${below}</table>
  `;
}
