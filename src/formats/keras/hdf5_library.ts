import type { Dataset, File } from "npm:h5wasm@0.10.3";
import { ModelError } from "../../base/errors.ts";
import type { ByteSource } from "../../platform/byte_source.ts";

/** How an open file of the module's own file system is read: into a part of the module's memory. */
type StreamRead = (
  stream: unknown,
  memory: Int8Array,
  at: number,
  length: number,
  position: number,
) => number;

/** A file of the module's own file system, as it stands in memory. */
interface FileNode {
  usedBytes: number;
  stream_ops: { readonly read: StreamRead };
}

/** What is used of h5wasm's module, whose own types leave out the memory. */
export interface Hdf5Module {
  readonly FS: {
    writeFile(path: string, data: Uint8Array): void;
    lookupPath(path: string): { readonly node: FileNode };
    unlink(path: string): void;
  };
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  get_dataset_data(
    file: bigint,
    path: string,
    count: readonly bigint[] | null,
    offset: readonly bigint[] | null,
    strides: readonly bigint[] | null,
    to: bigint,
  ): number;
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
  const { default: h5wasm } = crashes === 0 ? await import("npm:h5wasm@0.10.3") : await import(
    `${import.meta.resolve("npm:h5wasm@0.10.3")}?${crashes}`
  ) as typeof import("npm:h5wasm@0.10.3");
  const module = await h5wasm.ready as unknown as Hdf5Module;
  module.activate_throwing_error_handler(); // else its diagnostics go to stderr
  return { module, File: h5wasm.File as unknown as Hdf5Library["File"] };
}

/**
 * Let HDF5 read bytes as a file of its own.
 *
 * @param path What it is to be called.
 */
export function mount({ FS }: Hdf5Module, path: string, source: ByteSource): void {
  FS.writeFile(path, new Uint8Array());
  const { node } = FS.lookupPath(path);
  node.usedBytes = source.size;
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream, memory, at, length, position) =>
      position >= source.size
        ? 0
        : source.read(position, new Uint8Array(memory.buffer, memory.byteOffset + at, length)),
  };
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
