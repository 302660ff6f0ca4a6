import { type Attribute, readAttributes } from "./attributes.ts";
import { Damage } from "./errors.ts";
import { GlobalHeaps } from "./global_heap.ts";
import { type Link, readLinks } from "./links.ts";
import type { Message } from "./message.ts";
import { isGroup, readHeader } from "./object_header.ts";
import type { Root } from "./superblock.ts";
import type { StoredFile } from "./stored_file.ts";

/** How many links in a row may lead to other names. */
const maxSoftLinks = 16;

/** The most names of a path: no model is nested so deep. */
const maxDepth = 256;

/** The objects of a file by their paths. What leads to them is read once. */
export class Objects {
  readonly file: StoredFile;
  readonly heaps: GlobalHeaps;
  readonly #root: number;
  readonly #links = new Map<number, Map<string, Link>>();
  readonly #attributes = new Map<number, Map<string, () => Attribute>>();

  constructor({ file, group }: Root) {
    this.file = file;
    this.heaps = new GlobalHeaps(file);
    this.#root = group;
    if (!this.#linksOf(group)) throw new Damage("its root is no group");
  }

  /**
   * The address of an object's header.
   *
   * @param path Names parted by slashes; empty for the root.
   * @returns `undefined` if there is no such object in the file.
   */
  find(path: string): number | undefined {
    this.file.spend(path.length);
    return this.#follow(this.#root, path, maxSoftLinks);
  }

  /** The links of a group by their names; `undefined` if the object is none. */
  links(address: number): ReadonlyMap<string, Link> | undefined {
    return this.#linksOf(address);
  }

  /** The messages of an object. */
  messages(address: number): readonly Message[] {
    return readHeader(this.file, address);
  }

  /** The attributes of an object by their names. */
  attributes(address: number): ReadonlyMap<string, () => Attribute> {
    let found = this.#attributes.get(address);
    if (!found) this.#attributes.set(address, found = readAttributes(this.file, this.messages(address)));
    return found;
  }

  #linksOf(address: number): Map<string, Link> | undefined {
    const known = this.#links.get(address);
    if (known) return known;
    const messages = this.messages(address);
    if (!isGroup(messages)) return undefined;
    const links = readLinks(this.file, messages);
    this.#links.set(address, links);
    return links;
  }

  /** @param softLinks How many links to other names may be followed. */
  #follow(start: number, path: string, softLinks: number): number | undefined {
    const names = path.split("/").filter((name) => name !== "" && name !== ".");
    if (names.length > maxDepth) throw new Damage("its groups are nested without an end");
    let at: number | undefined = start;
    for (const name of names) {
      if (at === undefined) return undefined;
      at = this.#step(at, name, softLinks);
    }
    return at;
  }

  #step(group: number, name: string, softLinks: number): number | undefined {
    const link = this.#linksOf(group)?.get(name);
    if (link?.kind === "hard") return link.address;
    if (link?.kind !== "soft" || softLinks === 0) return undefined;
    this.file.spend(link.target.length);
    const start = link.target.startsWith("/") ? this.#root : group;
    return this.#follow(start, link.target, softLinks - 1);
  }
}
