/** Under which keys models note the names of their classes. */
const keys = ["labels", "names", "classes", "class_names", "id2label", "class_labels"];

/** Names that stand in an object by their number. */
function inOrder(entries: Readonly<Record<string, unknown>>): unknown[] {
  return Object.keys(entries).every((key) => /^\d+$/.test(key))
    ? Object.keys(entries).map(Number).sort((a, b) => a - b).map((key) => entries[key])
    : Object.keys(entries);
}

/** A value in JSON, or as Python writes it: single quotes, and numbers for keys. */
function parse(text: string): unknown {
  const python = text.replace(/([{,]\s*)(\d+)\s*:/g, '$1"$2":')
    .replace(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner.replaceAll("\\'", "'")));
  for (const candidate of [text, python]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // the next
    }
  }
  return undefined;
}

function readNames(text: string): string[] | undefined {
  const value = parse(text);
  const list = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
    ? inOrder(value as Record<string, unknown>)
    : text.split(text.includes("\n") ? /\r?\n/ : ",").map((name) => name.trim()).filter((name) =>
      name !== ""
    );
  const isNames = list.length > 1 && list.every((name) => typeof name === "string");
  return isNames ? list as string[] : undefined;
}

/** The names of a model's classes among what its file notes beside the graph; `undefined` where there are none. */
export function labelsIn(metadata: ReadonlyMap<string, string>): string[] | undefined {
  for (const key of keys) {
    const text = metadata.get(key);
    const names = text === undefined ? undefined : readNames(text);
    if (names) return names;
  }
  return undefined;
}
