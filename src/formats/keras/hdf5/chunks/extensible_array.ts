import { isWritten, readPage } from "./array_page.ts";
import { verify } from "../checksum.ts";
import type { NumberedChunk, ReadEntry } from "./stored_chunk.ts";
import type { Cursor } from "../cursor.ts";
import { Damage } from "../errors.ts";
import type { StoredFile } from "../stored_file.ts";

/** What an index's header says. */
interface Header {
  readonly entrySize: number;
  /** How many entries stand in the index block itself. */
  readonly ownCount: number;
  /** How many entries the smallest data block has. */
  readonly leastCount: number;
  /** How many data blocks the first super block that stands by itself has at least. */
  readonly leastPointers: number;
  /** How many entries a page has. */
  readonly pageCount: number;
  /** How many bytes give a block's place in the array. */
  readonly placeSize: number;
  /** How many super blocks there can be. */
  readonly superBlocks: number;
  /** How many entries have been set, at most. */
  readonly count: number;
  readonly indexBlock: number | undefined;
}

function readHeader(file: StoredFile, address: number): Header {
  const header = file.cursor(address, 16 + 6 * file.sizes.length + file.sizes.offset);
  verify(header.bytes);
  header.expect("EAHD");
  header.expectByte(0);
  header.skip(1);
  const [entrySize, maxBits, ownCount, leastCount, leastPointers, pageBits] = Array.from(
    { length: 6 },
    () => header.uint(1),
  ) as [number, number, number, number, number, number];
  header.skip(4 * file.sizes.length);
  const count = header.length();
  header.skip(file.sizes.length);
  const superBlocks = 1 + maxBits - Math.log2(leastCount);
  const isSound = leastPointers > 0 && Number.isInteger(Math.log2(leastPointers)) &&
    Number.isInteger(superBlocks) && superBlocks > 0 && superBlocks <= 64;
  if (!isSound) throw new Damage("an index of chunks cannot grow so");
  return {
    ...{ entrySize, ownCount, leastCount, leastPointers, superBlocks, count },
    pageCount: 2 ** pageBits,
    placeSize: Math.ceil(maxBits / 8),
    indexBlock: header.address(),
  };
}

/** The data blocks of a super block. */
interface SuperBlock {
  readonly blocks: number;
  /** How many entries each has. */
  readonly count: number;
}

/** The super block with a number: with every second one, its blocks become twice as many, and else twice as long. */
function superBlockAt({ leastCount }: Header, number: number): SuperBlock {
  return {
    blocks: 2 ** Math.floor(number / 2),
    count: 2 ** Math.floor((number + 1) / 2) * leastCount,
  };
}

/** Begin a block: its letters, version, client and the header that it belongs to. */
function begin(block: Cursor, signature: string): Cursor {
  verify(block.bytes);
  block.expect(signature);
  block.expectByte(0);
  block.skip(1 + block.sizes.offset);
  return block;
}

/** A data block, and where in the array it begins. */
interface DataBlock {
  readonly address: number;
  readonly first: number;
  readonly count: number;
  /** The pages that have been written to; all if there is no map. */
  readonly map: Uint8Array | undefined;
}

function* readDataBlock(
  file: StoredFile,
  { entrySize, pageCount, placeSize }: Header,
  { address, first, count, map }: DataBlock,
  read: ReadEntry,
): Generator<NumberedChunk> {
  const prefixSize = 6 + file.sizes.offset + placeSize;
  const isPaged = count > pageCount;
  const block = begin(file.cursor(address, prefixSize + (isPaged ? 0 : count * entrySize) + 4), "EADB");
  block.skip(placeSize);
  if (!isPaged) {
    for (let index = 0; index < count; index++) {
      const chunk = read(block, entrySize);
      if (chunk) yield [first + index, chunk];
    }
    return;
  }
  for (let page = 0; page < count / pageCount; page++) {
    if (map && !isWritten(map, page)) continue;
    const at = address + prefixSize + 4 + page * (pageCount * entrySize + 4);
    yield* readPage(file, at, { first: first + page * pageCount, count: pageCount, entrySize }, read);
  }
}

function* readSuperBlock(
  file: StoredFile,
  header: Header,
  { address, first, blocks, count }: SuperBlock & { readonly address: number; readonly first: number },
  read: ReadEntry,
): Generator<NumberedChunk> {
  const { placeSize, pageCount } = header;
  const mapSize = count > pageCount ? Math.ceil(count / pageCount / 8) : 0;
  const size = 6 + file.sizes.offset + placeSize + blocks * (mapSize + file.sizes.offset) + 4;
  const block = begin(file.cursor(address, size), "EASB");
  block.skip(placeSize);
  const maps = Array.from({ length: blocks }, () => mapSize > 0 ? block.take(mapSize) : undefined);
  for (const [index, map] of maps.entries()) {
    const address = block.address();
    if (address === undefined) continue;
    yield* readDataBlock(file, header, { address, first: first + index * count, count, map }, read);
  }
}

/**
 * The chunks of an array that grows along one axis: some in the index block, others in data blocks, of which the later
 * are found through super blocks.
 *
 * @param address Where the index's header lies.
 */
export function* walkExtensibleArray(
  file: StoredFile,
  address: number,
  read: ReadEntry,
): Generator<NumberedChunk> {
  const header = readHeader(file, address);
  const { indexBlock, ownCount, entrySize, leastPointers, superBlocks, count } = header;
  if (indexBlock === undefined) return;
  const inIndex = Math.min(superBlocks, 2 * Math.log2(leastPointers)); // super blocks whose data blocks it names
  const pointers = 2 * (leastPointers - 1) + superBlocks - inIndex;
  const size = 6 + file.sizes.offset + ownCount * entrySize + pointers * file.sizes.offset + 4;
  const block = begin(file.cursor(indexBlock, size), "EAIB");
  for (let number = 0; number < ownCount; number++) {
    const chunk = read(block, entrySize);
    if (chunk) yield [number, chunk];
  }
  let first = ownCount;
  for (let number = 0; number < superBlocks && first < count; number++) {
    const { blocks, count: length } = superBlockAt(header, number);
    if (number < inIndex) {
      for (let index = 0; index < blocks; index++) {
        const address = block.address();
        const data = { first: first + index * length, count: length, map: undefined };
        if (address !== undefined) yield* readDataBlock(file, header, { address, ...data }, read);
      }
    } else {
      const address = block.address();
      if (address !== undefined) {
        yield* readSuperBlock(file, header, { address, first, blocks, count: length }, read);
      }
    }
    first += blocks * length;
  }
}
