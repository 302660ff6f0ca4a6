/**
 * Where the files of a repository lie whose page was given: stores of models have its folders at `tree/REVISION/…`, the pages
 * of its files at `blob/REVISION/…`, and the files themselves at `resolve/REVISION/…`.
 *
 * @param page The page's address.
 * @returns The address of the file, or of a folder, with a slash at its end; `undefined` where it is no such page.
 */
export function filesOfPage(page: URL): URL | undefined {
  if (page.protocol !== "https:" && page.protocol !== "http:") return undefined;
  const [owner, name, view = "tree", revision = "main", ...path] = page.pathname.split("/")
    .filter((part) => part !== "");
  if (!owner || !name || (view !== "tree" && view !== "blob")) return undefined;
  const files = new URL(page.origin);
  const end = view === "tree" ? [""] : [];
  files.pathname = [owner, name, "resolve", revision, ...path, ...end].join("/");
  return files;
}
