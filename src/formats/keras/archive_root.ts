/** The folder in an archive that holds the model: none, but in one that was unpacked and packed again. */
export function findRoot(names: readonly string[]): string | undefined {
  if (names.includes("config.json")) return "";
  const roots = names.filter((name) => /^[^/]+\/config\.json$/.test(name)).map((name) => name.slice(0, -11));
  return roots.find((root) => names.includes(`${root}model.weights.h5`));
}
