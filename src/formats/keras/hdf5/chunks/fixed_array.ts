import { isWritten, readPage } from "./array_page.ts";
import { verify } from "../checksum.ts";
import type { NumberedChunk, ReadEntry } from "./stored_chunk.ts";
import type { StoredFile } from "../stored_file.ts";

/**
 * The chunks of an array that cannot grow: an entry each, in pages where there are many.
 *
 * @param address Where the index's header lies.
 */
export function* walkFixedArray(
  file: StoredFile,
  address: number,
  read: ReadEntry,
): Generator<NumberedChunk> {
  const header = file.cursor(address, 12 + file.sizes.length + file.sizes.offset);
  verify(header.bytes);
  header.expect("FAHD");
  header.expectByte(0);
  header.skip(1);
  const entrySize = header.uint(1);
  const pageCount = 2 ** header.uint(1);
  const count = header.length();
  const block = header.address();
  if (block === undefined) return;
  const prefixSize = 6 + file.sizes.offset;
  if (count <= pageCount) {
    const bytes = file.cursor(block, prefixSize + count * entrySize + 4);
    verify(bytes.bytes);
    bytes.expect("FADB");
    bytes.skip(prefixSize - 4);
    for (let number = 0; number < count; number++) {
      const chunk = read(bytes, entrySize);
      if (chunk) yield [number, chunk];
    }
    return;
  }
  const pages = Math.ceil(count / pageCount);
  const mapSize = Math.ceil(pages / 8);
  const prefix = file.cursor(block, prefixSize + mapSize + 4);
  verify(prefix.bytes);
  prefix.expect("FADB");
  prefix.skip(prefixSize - 4);
  const map = prefix.take(mapSize);
  for (let page = 0; page < pages; page++) {
    if (!isWritten(map, page)) continue;
    const first = page * pageCount;
    const run = { first, count: Math.min(pageCount, count - first), entrySize };
    yield* readPage(file, block + prefixSize + mapSize + 4 + page * (pageCount * entrySize + 4), run, read);
  }
}
