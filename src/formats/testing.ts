/**
 * Small models taken apart, for tests that write them anew in other ways. It is not published.
 *
 * @module
 */
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
