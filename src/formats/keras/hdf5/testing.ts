/**
 * HDF5 files for tests, written by HDF5's own library. It is not published.
 *
 * @module
 */
import * as h5wasm from "h5wasm";

/** What is used of h5wasm to write files. */
export interface WritableFile {
  create_dataset(options: {
    name: string;
    data: unknown;
    shape?: readonly number[];
    dtype?: string;
    chunks?: readonly number[];
    compression?: number;
  }): void;
  create_attribute(name: string, data: unknown): void;
  create_hard_link(target: string, name: string): void;
  close(): void;
}

interface WritableModule {
  readonly FS: { readFile(path: string): Uint8Array<ArrayBuffer>; unlink(path: string): void };
}

/** The bytes of an HDF5 file that is written here. */
export async function writeHdf5(fill: (file: WritableFile) => void): Promise<Uint8Array<ArrayBuffer>> {
  const { FS } = await h5wasm.ready as unknown as WritableModule;
  const file = new h5wasm.File("written.h5", "w") as unknown as WritableFile;
  fill(file);
  file.close();
  const bytes = FS.readFile("written.h5");
  FS.unlink("written.h5");
  return bytes;
}
