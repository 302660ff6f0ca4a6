import { sizeOfCount, walkTree2 } from "./btree2.ts";
import { verify } from "./checksum.ts";
import { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import { type Pipeline, readPipeline, unpack } from "./filters/pipeline.ts";
import type { StoredFile } from "./stored_file.ts";

/** A block of a heap, packed where the heap is. */
interface Block {
  readonly address: number;
  readonly packedSize: number;
  readonly mask: number;
}

/** What a heap's header says. */
interface Header {
  readonly address: number;
  readonly idSize: number;
  readonly maxManaged: number;
  readonly hasChecksums: boolean;
  /** The tree of objects too large for blocks. */
  readonly hugeTree: number | undefined;
  readonly width: number;
  readonly startSize: number;
  readonly maxDirectSize: number;
  /** How many bytes give a place in the heap. */
  readonly placeSize: number;
  readonly root: Block | undefined;
  /** How many rows of blocks the root leads to; 0 if it is itself the only block. */
  readonly rootRows: number;
  readonly pipeline: Pipeline | undefined;
}

function readHeader(file: StoredFile, address: number): Header {
  const { offset, length } = file.sizes;
  const fixedSize = 22 + 12 * length + 3 * offset;
  const filterSize = file.cursor(address + 7, 2).uint(2);
  const extra = filterSize > 0 ? length + 4 + filterSize : 0;
  const header = file.cursor(address, fixedSize + extra + 4);
  verify(header.bytes);
  header.expect("FRHP");
  header.expectByte(0);
  const idSize = header.uint(2);
  header.skip(2);
  const hasChecksums = (header.uint(1) & 2) !== 0;
  const maxManaged = header.uint(4);
  header.skip(length);
  const hugeTree = header.address();
  header.skip(length + offset + 8 * length); // free space and statistics
  const width = header.uint(2);
  const startSize = header.length();
  const maxDirectSize = header.length();
  const placeSize = Math.ceil(header.uint(2) / 8);
  header.skip(2);
  const root = header.address();
  const rootRows = header.uint(2);
  const packedSize = filterSize > 0 ? header.length() : 0;
  const mask = filterSize > 0 ? header.uint(4) : 0;
  const pipeline = filterSize > 0 ? readPipeline(header.inner(filterSize)) : undefined;
  if (!(width > 0 && startSize > 0 && maxDirectSize >= startSize && maxDirectSize < 2 ** 32)) {
    throw new Damage("a heap's blocks have no size");
  }
  return {
    ...{ address, idSize, maxManaged, hasChecksums, hugeTree, width, startSize, maxDirectSize, placeSize },
    ...{ root: root === undefined ? undefined : { address: root, packedSize, mask }, rootRows, pipeline },
  };
}

/** A heap of objects of any size, from which links and attributes are read where there are many. */
export class FractalHeap {
  readonly #header: Header;
  readonly #blocks = new Map<number, Uint8Array>();
  #huge: Map<number, Block & { readonly size: number }> | undefined;

  /** @param address Where its header lies. */
  constructor(readonly file: StoredFile, address: number) {
    this.#header = readHeader(file, address);
  }

  /** How many bytes an object's id has. */
  get idSize(): number {
    return this.#header.idSize;
  }

  /** @param id What names an object. */
  read(id: Uint8Array): Uint8Array {
    const cursor = new Cursor(id, this.file.sizes);
    const flags = cursor.uint(1);
    const read = this.#readers[flags >> 4 & 3];
    if (flags >> 6 !== 0 || !read) throw new Damage("an object of a heap is of no known kind");
    return read(cursor, flags);
  }

  readonly #readers = [
    (id: Cursor) => this.#readManaged(id),
    (id: Cursor) => this.#readHuge(id),
    (id: Cursor, flags: number) => this.#readTiny(id, flags),
  ];

  /** An object that stands in its id. */
  #readTiny(id: Cursor, flags: number): Uint8Array {
    const isLong = this.#header.idSize > 18;
    const size = isLong ? (flags & 15) << 8 | id.uint(1) : flags & 15;
    return id.take(size + 1);
  }

  /** An object that lies in one of the blocks. */
  #readManaged(id: Cursor): Uint8Array {
    const { placeSize, maxDirectSize, maxManaged } = this.#header;
    const place = id.uint(placeSize);
    const size = id.uint(
      Math.min(Math.ceil(Math.log2(maxDirectSize) / 8), sizeOfCount(maxManaged)),
    );
    const { start, bytes } = this.#blockAt(place);
    if (place - start + size > bytes.length) throw new Damage("an object of a heap leads out of its block");
    return bytes.subarray(place - start, place - start + size);
  }

  /** An object that lies by itself, packed where the heap is. */
  #readHuge(id: Cursor): Uint8Array {
    const { idSize, pipeline } = this.#header;
    const { offset, length } = this.file.sizes;
    const directSize = offset + length + (pipeline ? 4 + length : 0);
    if (directSize <= idSize - 1) return this.#unpack(this.#readHugeFields(id));
    const key = id.uint(Math.min(idSize - 1, 8));
    this.#huge ??= this.#readHugeTree();
    const found = this.#huge.get(key);
    if (!found) throw new Damage("an object of a heap is missing");
    return this.#unpack(found);
  }

  #readHugeFields(cursor: Cursor): Block & { readonly size: number } {
    const address = cursor.place();
    const packedSize = cursor.length();
    const isPacked = this.#header.pipeline !== undefined;
    const mask = isPacked ? cursor.uint(4) : 0;
    return { address, packedSize, mask, size: isPacked ? cursor.length() : packedSize };
  }

  #readHugeTree(): Map<number, Block & { readonly size: number }> {
    const { hugeTree } = this.#header;
    if (hugeTree === undefined) throw new Damage("a heap's tree is missing");
    const records = walkTree2(this.file, hugeTree).map((record) => {
      const fields = this.#readHugeFields(record);
      return [record.length(), fields] as const;
    });
    return new Map(records);
  }

  #unpack({ address, packedSize, mask, size }: Block & { readonly size: number }): Uint8Array {
    const { pipeline } = this.#header;
    if (!pipeline) return this.file.bytes(address, size);
    this.file.spendUnpacked(size);
    return unpack(this.file.bytes(address, packedSize), { pipeline, mask, size });
  }

  /** The size of the blocks of a row: the first two have the smallest, each further one twice that of the one before. */
  #rowSize(row: number): number {
    return this.#header.startSize * 2 ** Math.max(0, row - 1);
  }

  /** The block that a place lies in, and where that block begins. */
  #blockAt(place: number): { readonly start: number; readonly bytes: Uint8Array } {
    const { root, rootRows, startSize } = this.#header;
    if (!root) throw new Damage("a heap is empty");
    if (rootRows === 0) return { start: 0, bytes: this.#readBlock(root, startSize) };
    return this.#blockBelow(root.address, { rows: rootRows, start: 0 }, place);
  }

  /** The same below a block of addresses. */
  #blockBelow(
    address: number,
    { rows, start }: { readonly rows: number; readonly start: number },
    place: number,
  ): { readonly start: number; readonly bytes: Uint8Array } {
    const { width, placeSize, startSize, maxDirectSize, pipeline } = this.#header;
    const { offset, length } = this.file.sizes;
    let first = start;
    let row = 0;
    while (row < rows && place >= first + width * this.#rowSize(row)) first += width * this.#rowSize(row++);
    if (row >= rows) throw new Damage("an object of a heap leads out of it");
    const column = Math.floor((place - first) / this.#rowSize(row));
    const directRows = Math.min(rows, Math.log2(maxDirectSize / startSize) + 2);
    const directSize = offset + (pipeline ? length + 4 : 0);
    const prefixSize = 5 + offset + placeSize;
    const size = prefixSize + directRows * width * directSize + (rows - directRows) * width * offset + 4;
    const block = this.file.cursor(address, size);
    verify(block.bytes);
    block.expect("FHIB");
    const isDirect = row < directRows;
    const before = isDirect
      ? (row * width + column) * directSize
      : directRows * width * directSize + ((row - directRows) * width + column) * offset;
    block.skip(prefixSize - 4 + before);
    const child = block.place();
    const childStart = first + column * this.#rowSize(row);
    if (!isDirect) {
      const childRows = Math.log2(this.#rowSize(row) / (startSize * width)) + 1;
      return this.#blockBelow(child, { rows: childRows, start: childStart }, place);
    }
    const packedSize = pipeline ? block.length() : 0;
    const mask = pipeline ? block.uint(4) : 0;
    return {
      start: childStart,
      bytes: this.#readBlock({ address: child, packedSize, mask }, this.#rowSize(row)),
    };
  }

  /** A block of objects, which begin behind its own fields; places count these too. */
  #readBlock(block: Block, size: number): Uint8Array {
    const known = this.#blocks.get(block.address);
    if (known?.length === size) return known;
    const bytes = this.#unpack({ ...block, size });
    const cursor = new Cursor(bytes, this.file.sizes);
    cursor.expect("FHDB");
    cursor.expectByte(0);
    if (cursor.place() !== this.#header.address) throw new Damage("a block belongs to another heap");
    if (this.#header.hasChecksums) this.#verifyBlock(bytes);
    this.#blocks.set(block.address, bytes);
    return bytes;
  }

  /** The checksum of a block stands before its objects, and is computed as if it were 0. */
  #verifyBlock(bytes: Uint8Array): void {
    const at = 5 + this.file.sizes.offset + this.#header.placeSize;
    const copy = new Uint8Array(bytes.length + 4);
    copy.set(bytes);
    copy.fill(0, at, at + 4);
    copy.set(bytes.subarray(at, at + 4), bytes.length);
    verify(copy);
  }
}
