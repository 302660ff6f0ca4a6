/**
 * Small models taken apart, for tests that write them anew in other ways. It is not published.
 *
 * @module
 */
import { crc32 } from "node:zlib";
import { joinBytes } from "../bytes.ts";
import { testdata } from "../testing.ts";

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

/** An archive of files, with checksums that are right unless an entry says otherwise. */
export function packZip(entries: readonly ZipEntry[], count = entries.length): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const list: Uint8Array[] = [];
  let at = 0;
  for (const { name, content, packed = content, method = 0, flags = 0, ...lies } of entries) {
    const file = encode(name);
    const fields = new DataView(new ArrayBuffer(26));
    [20, flags, method, 0, 0].forEach((value, index) => fields.setUint16(index * 2, value, true));
    fields.setUint32(10, lies.checksum ?? crc32(content), true);
    fields.setUint32(14, packed.length, true);
    fields.setUint32(18, lies.size ?? content.length, true);
    fields.setUint16(22, file.length, true);
    const common = new Uint8Array(fields.buffer);
    const place = new DataView(new ArrayBuffer(14));
    place.setUint32(10, lies.offset ?? at, true);
    const local = [encode("PK\x03\x04"), common, file, packed];
    list.push(encode("PK\x01\x02"), Uint8Array.of(20, 0), common, new Uint8Array(place.buffer), file);
    parts.push(...local);
    at += joinBytes(local).length;
  }
  const directory = joinBytes(list);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, count, true);
  end.setUint16(6, count, true);
  end.setUint32(8, directory.length, true);
  end.setUint32(12, at, true);
  return joinBytes([...parts, directory, encode("PK\x05\x06"), new Uint8Array(end.buffer)]);
}
