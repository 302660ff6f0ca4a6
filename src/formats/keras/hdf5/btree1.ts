import type { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import type { StoredFile } from "./stored_file.ts";

/** What differs between the trees that lead to links and those that lead to chunks. */
export interface TreeKind {
  /** The number that stands in its nodes. */
  readonly number: number;
  /** The bytes of a key. */
  readonly keySize: number;
}

/** What a leaf leads to, and the key before it. */
export interface TreeEntry {
  readonly key: Cursor;
  readonly child: number;
}

/**
 * The entries of a B-tree of version 1, in order.
 *
 * @param address Where its root lies.
 */
export function* walkTree1(file: StoredFile, address: number, kind: TreeKind): Generator<TreeEntry> {
  const prefixSize = 8 + 2 * file.sizes.offset;
  const seen = new Set<number>();
  function* walk(address: number, level: number | undefined): Generator<TreeEntry> {
    if (seen.has(address)) throw new Damage("a tree grows together");
    seen.add(address);
    const prefix = file.cursor(address, prefixSize);
    prefix.expect("TREE");
    prefix.expectByte(kind.number);
    const own = prefix.uint(1);
    if (own !== (level ?? own)) throw new Damage("a tree's levels do not follow each other");
    const count = prefix.uint(2);
    const entries = file.cursor(address + prefixSize, count * (kind.keySize + file.sizes.offset));
    for (let index = 0; index < count; index++) {
      const key = entries.inner(kind.keySize);
      const child = entries.place();
      if (own === 0) yield { key, child };
      else yield* walk(child, own - 1);
    }
  }
  yield* walk(address, undefined);
}
