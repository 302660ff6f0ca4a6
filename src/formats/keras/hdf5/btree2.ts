import { verify } from "./checksum.ts";
import type { Cursor } from "./cursor.ts";
import { Damage } from "./errors.ts";
import type { StoredFile } from "./stored_file.ts";

/** The deepest tree: with two children a node it would hold more records than a file can have bytes. */
const maxDepth = 48;

/** What a node has besides records and children: its letters, version, type and checksum. */
const frameSize = 10;

/** What is the same for all nodes of a tree. */
interface Shape {
  readonly type: number;
  readonly recordSize: number;
  /** For nodes of each depth, from the leaves on, how many bytes give the records in one, and in all below it. */
  readonly countSizes: readonly (readonly [own: number, all: number])[];
}

/** A node, as its parent tells of it. */
interface Node {
  readonly address: number;
  readonly count: number;
}

/** How many bytes hold numbers up to a limit. */
export function sizeOfCount(limit: number): number {
  let size = 1;
  while (limit >= 256 ** size) size++;
  return size;
}

/** How many records nodes of each depth can hold, which sets the size of the fields that count them. */
function countSizes(file: StoredFile, nodeSize: number, recordSize: number, depth: number) {
  const most = Math.floor((nodeSize - frameSize) / recordSize);
  const own = sizeOfCount(most);
  const sizes: [number, number][] = [[own, 0]];
  let all = most;
  for (let level = 1; level <= depth; level++) {
    const pointerSize = file.sizes.offset + own + sizes[level - 1]![1];
    const here = Math.floor((nodeSize - frameSize - pointerSize) / (recordSize + pointerSize));
    if (!(here > 0)) throw new Damage("a tree's nodes are too small");
    all = (here + 1) * all + here;
    sizes.push([own, sizeOfCount(all)]);
  }
  return sizes;
}

/**
 * The records of a B-tree of version 2, in order.
 *
 * @param address Where its header lies.
 */
export function* walkTree2(file: StoredFile, address: number): Generator<Cursor> {
  const header = file.cursor(address, 22 + file.sizes.offset + file.sizes.length);
  verify(header.bytes);
  header.expect("BTHD");
  header.expectByte(0);
  const type = header.uint(1);
  const nodeSize = header.uint(4);
  const recordSize = header.uint(2);
  const depth = header.uint(2);
  header.skip(2);
  const root = header.address();
  const count = header.uint(2);
  if (root === undefined || count === 0) return;
  if (recordSize === 0 || depth > maxDepth) throw new Damage("a tree is too deep");
  const shape = { type, recordSize, countSizes: countSizes(file, nodeSize, recordSize, depth) };
  yield* walkNode(file, shape, { address: root, count }, depth);
}

function* walkNode(
  file: StoredFile,
  shape: Shape,
  { address, count }: Node,
  depth: number,
): Generator<Cursor> {
  const { type, recordSize } = shape;
  const [own, all] = shape.countSizes[Math.max(0, depth - 1)]!; // of the nodes below
  const pointerSize = file.sizes.offset + own + all;
  const pointers = depth === 0 ? 0 : (count + 1) * pointerSize;
  const node = file.cursor(address, frameSize + count * recordSize + pointers);
  verify(node.bytes);
  node.expect(depth === 0 ? "BTLF" : "BTIN");
  node.expectByte(0);
  node.expectByte(type);
  const records = Array.from({ length: count }, () => node.inner(recordSize));
  if (depth === 0) return yield* records;
  for (let index = 0; index <= count; index++) {
    const child = { address: node.place(), count: node.uint(own) };
    node.skip(all);
    yield* walkNode(file, shape, child, depth - 1); // which is counted, so that circles end
    if (index < count) yield records[index]!;
  }
}
