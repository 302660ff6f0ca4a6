/** The page's style sheet: light and dark, narrow and wide. */
export const pageStyle: string = `
:root { color-scheme: light dark; --ink: #1d2129; --quiet: #5c6470; --paper: #fbfbfa; --card: #fff;
  --line: #dcdfe4; --accent: #31688e; --warn: #8a5300; --error: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --quiet: #a0a8b4; --paper: #15181c;
  --card: #1e2227; --line: #353b43; --accent: #6fb1d8; --warn: #e5b567; --error: #ff8f8f; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main, footer { max-width: 66rem; margin: 0 auto; padding: 1rem 1.25rem; }
h1 { font-size: 1.5rem; margin: 0.5rem 0 0; }
h2 { font-size: 0.95rem; margin: 0 0 0.5rem; }
p { margin: 0.25rem 0; }
.quiet, footer { color: var(--quiet); font-size: 0.9rem; }
.drop { display: block; border: 2px dashed var(--line); border-radius: 0.75rem; padding: 1.5rem;
  text-align: center; background: var(--card); cursor: pointer; }
.drop:hover, .drop:focus-within, .drop.over { border-color: var(--accent); }
.drop input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.drop strong { color: var(--accent); }
#status { min-height: 1.5rem; margin: 0.75rem 0; }
#status.error { color: var(--error); }
.result { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 3fr) minmax(15rem, 2fr); }
@media (max-width: 46rem) { .result { grid-template-columns: minmax(0, 1fr); } }
.stage { position: relative; line-height: 0; border-radius: 0.75rem; overflow: hidden; align-self: start;
  background: var(--line); }
.stage img { width: 100%; height: auto; }
.stage img + img { position: absolute; inset: 0; height: 100%; }
.busy .stage { opacity: 0.6; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 0.9rem 1rem;
  margin-bottom: 1rem; }
.classes { list-style: none; margin: 0; padding: 0; }
.classes button { display: grid; grid-template-columns: 1fr auto; gap: 0 0.75rem; width: 100%; padding: 0.3rem 0.5rem;
  border: 0; border-radius: 0.4rem; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
.classes button:hover { background: var(--paper); }
.classes button[aria-pressed="true"] { background: var(--accent); color: var(--card); }
.classes meter { grid-column: 1 / -1; width: 100%; height: 0.4rem; }
.field { display: grid; grid-template-columns: 6rem minmax(0, 1fr); align-items: center; gap: 0.5rem; margin: 0.4rem 0; }
select, .save button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
  border-radius: 0.4rem; padding: 0.25rem 0.5rem; width: 100%; }
#others input { font: inherit; color: inherit; width: 100%; }
input[type="range"] { width: 100%; accent-color: var(--accent); }
.save { display: grid; grid-template-columns: 1fr auto; gap: 0.5rem; }
.save button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
#notes { color: var(--warn); font-size: 0.9rem; padding-left: 1.1rem; margin: 0.5rem 0 0; }
`;
