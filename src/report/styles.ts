/** How reports and cards look: the colours of the service's page, light first, then dark; and for paper. */
export const styles = `
:root {
  color-scheme: light dark;
  --paper: #f5f4f0;
  --card: #fffefb;
  --well: #eceae3;
  --ink: #1c1e21;
  --quiet: #5b616a;
  --line: #dfdcd3;
  --edge: #8a8d91;
  --accent: #17646b;
  --soft: #dcebe9;
  --good: #1d6a3d;
  --trouble: #9c2a2a;
  --caution: #7a4b00;
  --round: 14px;
  --sans: ui-sans-serif, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, "Liberation Serif", serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121416;
    --card: #1b1e21;
    --well: #26292d;
    --ink: #eceded;
    --quiet: #a6abb2;
    --line: #2e3237;
    --edge: #757b83;
    --accent: #86ccc6;
    --soft: #203536;
    --good: #8fd6a8;
    --trouble: #ff9c94;
    --caution: #e9bd74;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem / 1.6 var(--sans);
  font-variant-numeric: tabular-nums;
  -webkit-font-smoothing: antialiased;
  overflow-wrap: anywhere;
}
header, main { max-width: 66rem; margin: 0 auto; padding: 0 clamp(1.1rem, 4vw, 3rem); }
header { padding-top: clamp(2.2rem, 7vh, 4.5rem); }
main { padding-bottom: 5rem; }
h1, h2, h3, h4, p, ol, ul, dl, dd, figure { margin: 0; padding: 0; }
h1 { max-width: 22ch; font: 500 clamp(2rem, 5.2vw, 3.3rem) / 1.1 var(--serif); letter-spacing: -0.02em; text-wrap: balance; }
h2 { font: 500 clamp(1.55rem, 3.4vw, 2rem) / 1.2 var(--serif); letter-spacing: -0.015em; }
h3 { margin-top: 2.2rem; font: 500 1.25rem / 1.35 var(--serif); }
h4 { font: 600 1.02rem / 1.4 var(--sans); }
h3 .quiet { display: block; font: 400 0.88rem / 1.5 var(--sans); }
p { max-width: 68ch; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
code { font: 0.88em / 1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", Menlo, monospace; }
small { display: block; color: var(--quiet); font-size: 0.82rem; line-height: 1.4; }
.quiet { color: var(--quiet); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--card); border-radius: 8px; }
.eyebrow { margin-bottom: 0.7rem; color: var(--accent); font-size: 0.92rem; font-weight: 600; letter-spacing: 0.01em; }
header > .quiet { margin-top: 0.9rem; }
nav ol { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin-top: 1.8rem; padding: 0.9rem 0; border: solid var(--line); border-width: 1px 0; list-style: none; font-size: 0.95rem; }
nav a { display: inline-block; padding: 0.15rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
main > section { padding-top: clamp(2.6rem, 7vh, 4.2rem); scroll-margin-top: 0; }
main > section > h2 + * { margin-top: 0.9rem; }
main > section > p + * { margin-top: 1.3rem; }
.lead { font-size: 1.12rem; color: var(--quiet); }
.conclusions { max-width: 72ch; list-style: none; }
.conclusions li { padding: 0.85rem 0 0.85rem 1.15rem; border-left: 3px solid var(--accent); font: 400 1.16rem / 1.5 var(--serif); }
.conclusions li + li { margin-top: 0.7rem; }
.notes { max-width: 72ch; margin-top: 0.6rem; padding-left: 1.2rem; color: var(--caution); }
.card { margin-top: 1.1rem; padding: 1.2rem clamp(0.9rem, 2.4vw, 1.6rem) 1.3rem; border: 1px solid var(--line); border-radius: var(--round); background: var(--card); }
article.card { content-visibility: auto; contain-intrinsic-size: auto 22rem; }
.card h4 + p { margin-top: 0.15rem; font-size: 0.95rem; color: var(--quiet); }
.better { display: block; color: var(--ink); }
summary { display: flex; flex-wrap: wrap; gap: 0 0.9rem; cursor: pointer; font-weight: 600; }
summary .quiet { font-weight: 400; font-size: 0.92rem; }
summary::before { content: ""; flex: none; align-self: center; width: 0.5rem; height: 0.5rem; border: solid var(--edge); border-width: 0 2px 2px 0; rotate: -45deg; transition: rotate 0.12s; }
details[open] > summary::before { rotate: 45deg; }
details.card { padding-top: 0.9rem; padding-bottom: 0.9rem; margin-top: 0.6rem; }
summary::-webkit-details-marker { display: none; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.5rem 0.6rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: middle; font-weight: 400; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-size: 0.86rem; line-height: 1.35; vertical-align: bottom; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
tbody.controls th { color: var(--quiet); }
tbody.controls tr:first-child > * { border-top: 2px solid var(--line); }
.forest { margin-top: 0.9rem; font-size: 0.95rem; table-layout: fixed; }
.forest small { white-space: nowrap; }
.forest th small { white-space: normal; }
.mark { display: block; width: 100%; height: 1.7rem; overflow: visible; }
.mark.axis { height: 1.2rem; }
.mark text, .lines text { fill: var(--quiet); font-size: 0.78rem; font-family: var(--sans); }
.lines text { font-size: 11px; }
.mark line { stroke: var(--accent); stroke-width: 2; stroke-linecap: round; }
.mark .chance { stroke: var(--caution); stroke-width: 1; stroke-dasharray: 3 3; stroke-linecap: butt; }
.mark .zero { stroke: var(--edge); stroke-width: 1; stroke-linecap: butt; }
.dot { fill: var(--accent); }
.dot.control { fill: var(--card); stroke: var(--quiet); stroke-width: 2; }
.controls .mark .interval { stroke: var(--quiet); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: var(--round); background: var(--card); }
.overview { font-size: 0.92rem; }
.overview th, .overview td { padding: 0.55rem 0.8rem; min-width: 6.2rem; overflow-wrap: normal; }
.overview th:first-child { position: sticky; left: 0; padding-left: 1.1rem; min-width: 8.5rem; background: var(--card); }
.overview th:last-child, .overview td:last-child { padding-right: 1.1rem; }
.overview thead th { font-weight: 600; color: var(--ink); }
.overview thead .quiet { display: block; font-weight: 400; font-size: 0.78rem; }
.overview strong { color: var(--accent); }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; margin-top: 0.8rem; }
.multiples figure { padding: 0.8rem 0.8rem 0.5rem; border: 1px solid var(--line); border-radius: var(--round); background: var(--card); }
.multiples figcaption { margin-bottom: 0.4rem; font-size: 0.95rem; font-weight: 600; }
.lines { display: block; width: 100%; height: auto; }
.grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.control { stroke: var(--edge); stroke-dasharray: 4 4; stroke-linecap: butt; }
.band { fill: var(--accent); opacity: 0.18; }
.key { display: inline-flex; align-items: center; gap: 0.4rem; margin-right: 0.9rem; white-space: nowrap; }
.key-line { width: 1.8rem; height: 0.6rem; }
.of-method h4 { margin: 0.9rem 0 0.5rem; color: var(--quiet); }
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr)); gap: 1rem; }
.examples img, .no-picture { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 10px; background: var(--well); }
.no-picture { display: grid; place-items: center; color: var(--quiet); font-size: 0.88rem; }
.examples figcaption { margin-top: 0.45rem; font-size: 0.9rem; line-height: 1.4; }
.facts { display: grid; gap: 0; border-top: 1px solid var(--line); }
.facts > div { display: grid; grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr); gap: 0.1rem 1.5rem; padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--quiet); }
.verdict { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 1.2rem; margin-top: 2rem; padding: 1.5rem clamp(1.1rem, 3vw, 1.8rem) !important; border-radius: var(--round); background: color-mix(in oklab, var(--tone), var(--card) 90%); }
.verdict h2 { color: var(--tone); }
.verdict h2 + p { margin-top: 0.4rem; font-size: 1.08rem; }
.verdict .sign { width: 2.6rem; }
.good { --tone: var(--good); }
.doubtful { --tone: var(--caution); }
.bad { --tone: var(--trouble); }
.unknown { --tone: var(--quiet); }
.sign { width: 1.5rem; aspect-ratio: 1; flex: none; }
.sign circle { fill: var(--tone); }
.sign path { fill: none; stroke: var(--card); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1.6rem; padding-top: 2rem !important; }
.pictures img { display: block; width: 100%; height: auto; border-radius: 10px; }
.pictures figcaption, h2.small { margin-bottom: 0.6rem; color: var(--quiet); font: 400 0.95rem / 1.4 var(--sans); letter-spacing: 0; }
.scores { list-style: none; }
.scores li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.25rem 1rem; padding-bottom: 0.8rem; }
.bar { grid-column: 1 / -1; width: 100%; height: 0.45rem; }
.bar rect { fill: var(--accent); }
.bar .well { fill: var(--well); }
.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.findings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.6rem 2.2rem; list-style: none; }
.findings li { display: flex; align-items: start; gap: 0.9rem; }
.findings h3 { margin: 0; font: 600 1.02rem / 1.5rem var(--sans); }
.findings p { margin-top: 0.15rem; color: var(--quiet); font-size: 0.98rem; }
.findings + p { margin-top: 1.8rem; }
@media (min-width: 40.01rem) {
  .forest th:first-child { width: 26%; }
  .forest th:nth-child(3) { width: 19%; }
  .forest th:nth-child(4) { width: 4.8rem; }
  .forest td, .forest tbody th { padding-top: 0.36rem; padding-bottom: 0.36rem; }
  .forest td.plot, .forest th.plot { padding-left: 0.4rem; padding-right: 0.4rem; }
}
@media (max-width: 40rem) {
  body { font-size: 1rem; }
  .forest, .forest thead, .forest tbody { display: block; }
  .forest tr { display: grid; grid-template-columns: minmax(0, 1fr) auto 3.4rem; padding: 0.5rem 0 0.1rem; border-bottom: 1px solid var(--line); }
  .forest tr > :nth-child(n), .forest tbody.controls tr:first-child > :nth-child(n) { padding: 0 0 0 0.7rem; border: 0; }
  .forest tbody tr > :first-child:nth-child(n), .forest thead tr > :first-child:nth-child(n), .forest tbody.controls tr:first-child > :first-child:nth-child(n) { padding-left: 0; }
  .forest tr > .plot:nth-child(n) { grid-row: 2; grid-column: 1 / -1; padding: 0; }
  .forest tbody:last-child tr:last-child { border: 0; }
  .forest tbody.controls tr:first-child { border-top: 2px solid var(--line); }
  .facts > div { grid-template-columns: minmax(0, 1fr); }
  .examples { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (prefers-reduced-motion: reduce) { summary::before { transition: none; } }
@media print {
  body { background: none; font-size: 10pt; }
  nav { display: none; }
  .card, .multiples figure, figure { break-inside: avoid; }
}
`;
