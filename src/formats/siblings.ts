import { decoded } from "../base/decoded.ts";
import { beside, isRemote, type Location } from "../platform/files.ts";

/** The names that a file on this machine may have which is named as in an address: escaped, with a query. */
function localNames(name: string): string[] {
  return [...new Set([name, decoded(name), decoded(name.replace(/\?.*$/, ""))])];
}

/** A file on this machine beside a `file:` URL: its name is no part of an address, whatever is in it. */
function besideFile(base: URL, name: string): URL {
  return beside(base, name.split("/").map(encodeURIComponent).join("/")) as URL;
}

/** A file on a server, with the query that the model was asked for with, such as a signature, and without it. */
function besideRemote(base: URL, name: string): URL[] {
  const plain = beside(base, name) as URL;
  if (plain.protocol !== "http:" && plain.protocol !== "https:") return []; // a server names no file of this machine
  if (base.search === "" || plain.search !== "" || plain.host !== base.host) return [plain];
  const signed = new URL(plain);
  signed.search = base.search;
  return [signed, plain];
}

/**
 * Where a file may lie that is named beside a model, the likeliest first.
 *
 * @param asked Where the model was asked for.
 * @param found Where it was found, which is elsewhere if a server sent on.
 * @param name The file's name, as the model or a convention has it.
 */
export function siblings(asked: Location, found: Location, name: string): Location[] {
  if (!(asked instanceof URL)) return localNames(name).map((local) => beside(asked, local));
  if (!isRemote(asked)) return localNames(name).map((local) => besideFile(asked, local));
  if (!(found instanceof URL) || asked.protocol === "data:" || asked.protocol === "blob:") return [];
  const all = [...besideRemote(asked, name), ...besideRemote(found, name)];
  return [...new Map(all.map((url) => [url.href, url])).values()];
}
