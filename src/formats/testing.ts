/**
 * Small models taken apart, for tests that write them anew in other ways. It is not published.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { joinBytes } from "../base/bytes.ts";
import { testdata } from "../testing/mod.ts";

/** A weight with its numbers. */
export interface TestWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly quantization?: object | null;
  readonly group?: string;
}

// deno-lint-ignore no-explicit-any -- what tests change at will
export type AnyJson = any;

/** A model.json and its weights, apart. */
export interface Parts {
  readonly json: AnyJson;
  readonly weights: readonly TestWeight[];
}

/** Files by name. */
export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** Text as bytes. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Take a network of the zoo apart. */
export async function takeApart(network: string, form: "layers" | "graph"): Promise<Parts> {
  const folder = new URL(`zoo/${network}/${form}/`, testdata);
  const { weightsManifest, ...json } = JSON.parse(await Deno.readTextFile(new URL("model.json", folder)));
  const weights: TestWeight[] = [];
  for (const { paths, weights: specs } of weightsManifest) {
    const shards = await Promise.all(paths.map((path: string) => Deno.readFile(new URL(path, folder))));
    const bytes = joinBytes(shards);
    let at = 0;
    for (const { name, shape, dtype } of specs) {
      const size = 4 * shape.reduce((product: number, side: number) => product * side, 1);
      weights.push({ name, shape, dtype, bytes: bytes.slice(at, at += size) });
    }
  }
  return { json, weights };
}

/** What a manifest says of a weight. */
export function specOf({ bytes: _, ...spec }: TestWeight): object {
  return spec;
}

/** Weights one after another. */
export function bytesOf(weights: readonly TestWeight[]): Uint8Array<ArrayBuffer> {
  return joinBytes(weights.map(({ bytes }) => bytes));
}

/** A model.json with its weights in one file. */
export function putTogether({ json, weights }: Parts): Files {
  const weightsManifest = [{ paths: ["weights.bin"], weights: weights.map(specOf) }];
  return {
    "model.json": encode(JSON.stringify({ ...json, weightsManifest })),
    "weights.bin": bytesOf(weights),
  };
}

/** What {@linkcode packZip} may write otherwise than it is, as bad archives do. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** The packed content, where it is not stored as it is. */
  readonly packed?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly checksum?: number;
  /** Where its own header is said to lie. */
  readonly offset?: number;
}

/** How {@linkcode packZip} writes an archive as a whole. */
export interface ZipOptions {
  /** How many files the archive says it has. */
  readonly count?: number;
  /** Whether all numbers stand in the records for those that are too large for their fields. */
  readonly isLarge?: boolean;
}

/** Little-endian whole numbers, each with its size in bytes. */
function numbers(...fields: readonly (readonly [size: 2 | 4 | 8, value: number])[]): Uint8Array<ArrayBuffer> {
  return joinBytes(fields.map(([size, value]) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(value), true);
    return new Uint8Array(view.buffer, 0, size);
  }));
}

/** An archive of files, with checksums that are right unless an entry says otherwise. */
export function packZip(entries: readonly ZipEntry[], options: ZipOptions = {}): Uint8Array<ArrayBuffer> {
  const { count = entries.length, isLarge = false } = options;
  const parts: Uint8Array[] = [];
  const list: Uint8Array[] = [];
  const small = (value: number) => isLarge ? 0xffffffff : value;
  let at = 0;
  for (const { name, content, packed = content, method = 0, flags = 0, ...lies } of entries) {
    const file = encode(name);
    const checksum = lies.checksum ?? crc32(content);
    const [size, offset] = [lies.size ?? content.length, lies.offset ?? at];
    const common = numbers([2, 20], [2, flags], [2, method], [4, 0], [4, checksum]);
    const local = [
      encode("PK\x03\x04"),
      common,
      numbers([4, packed.length], [4, size], [2, file.length], [2, 0]),
      file,
      packed,
    ];
    const extra = isLarge ? numbers([2, 1], [2, 24], [8, size], [8, packed.length], [8, offset]) : numbers();
    list.push(
      encode("PK\x01\x02"),
      numbers([2, 20]),
      common,
      numbers([4, small(packed.length)], [4, small(size)], [2, file.length], [2, extra.length]),
      numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, small(offset)]),
      file,
      extra,
    );
    parts.push(...local);
    at += joinBytes(local).length;
  }
  const directory = joinBytes(list);
  const end = at + directory.length;
  const large = [
    encode("PK\x06\x06"),
    numbers([8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, directory.length], [
      8,
      at,
    ]),
    encode("PK\x06\x07"),
    numbers([4, 0], [8, end], [4, 1]),
  ];
  return joinBytes([
    ...parts,
    directory,
    ...isLarge ? large : [],
    encode("PK\x05\x06"),
    numbers([4, 0], [2, count], [2, count], [4, small(directory.length)], [4, small(at)], [2, 0]),
  ]);
}
