import type { Dataset, File } from "h5wasm";
import { ModelError } from "../errors.ts";

/** What is used of h5wasm's module, whose own types leave out the memory. */
export interface Hdf5Module {
  readonly FS: {
    writeFile(path: string, data: Uint8Array, options: { canOwn: boolean }): void;
    unlink(path: string): void;
  };
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  get_dataset_data(file: bigint, path: string, count: null, offset: null, strides: null, to: bigint): number;
  get_attribute_data(file: bigint, path: string, name: string, to: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, name: string, from: bigint): number;
  UTF8ToString(pointer: number): string;
  activate_throwing_error_handler(): number;
}

/** HDF5 in WebAssembly, with a memory of its own. */
export interface Hdf5Library {
  readonly module: Hdf5Module;
  readonly File: new (path: string, mode: "r") => File;
}

export type { Dataset, File };

let current: Promise<Hdf5Library> | undefined;
let crashes = 0;

async function start(): Promise<Hdf5Library> {
  // A module imported again under another name is another instance.
  const { default: h5wasm } = crashes === 0
    ? await import("h5wasm")
    : await import(`${import.meta.resolve("h5wasm")}?${crashes}`) as typeof import("h5wasm");
  const module = await h5wasm.ready as unknown as Hdf5Module;
  module.activate_throwing_error_handler(); // else its diagnostics go to stderr
  return { module, File: h5wasm.File as unknown as Hdf5Library["File"] };
}

/**
 * HDF5, loaded when it is first needed.
 *
 * @throws {ModelError} If a damaged file has brought it down, and it cannot be started again here.
 */
export async function hdf5Library(): Promise<Hdf5Library> {
  try {
    return await (current ??= start());
  } catch (error) {
    current = undefined;
    if (crashes === 0) throw error;
    throw new ModelError("Cannot open HDF5 files since a damaged one was opened: start the program again");
  }
}

/**
 * Give HDF5 up where an error shows that its memory can no longer be trusted; the next file gets another.
 *
 * @param error What was thrown while a file was read.
 */
export function abandonAfter(error: unknown): void {
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) return;
  current = undefined;
  crashes++;
}
