import { type ByteSource, bytesSource } from "../platform/byte_source.ts";

/** How many bytes tell what a file is. */
export const headSize = 4096;

/** A main file that is not in memory. */
export interface MainPieces {
  /** Its first 4,096 bytes. */
  readonly head: Uint8Array;
  /** Open it; the caller closes it. */
  open(): ByteSource;
}

/** A file and what it holds. */
export interface ModelFile {
  /** What to call it in messages. */
  readonly name: string;
  /** What to call it in pictures: no more than the last part of a path; `undefined` for mere bytes. */
  readonly title?: string | undefined;
  /** Its content. */
  readonly main: Uint8Array;
  /** How to read it piece by piece, where that spares having it in memory: `main` is read when asked for. */
  readonly pieces?: MainPieces | undefined;
}

/** What of a Keras model may lie in a file of its own. */
export type Half = "architecture" | "weights";

/** A model's main file and the files beside it, wherever they are. */
export interface ModelFolder extends ModelFile {
  /** The name of the folder that the main file lies in, where that is known. */
  readonly holder?: string | undefined;
  /** Why it is this main file, where there are several. */
  readonly notes?: readonly string[] | undefined;
  /** The file whose weights are to take the place of the model's own; those beside it if left out. */
  readonly weights?: ModelFile | undefined;
  /**
   * The other half of a Keras model whose main file holds one alone, if it lies beside it.
   *
   * @returns `undefined` if there is none.
   * @throws {ModelError} If there are several, or it cannot be read.
   */
  findHalf?(half: Half): Promise<ModelFile | undefined>;
  /**
   * The content of a file beside the main one.
   *
   * @param name The file's name, relative to the main file.
   * @param signal Stops it, as the signal that the folder was opened with does.
   * @returns `undefined` if there is no such file.
   * @throws {ModelError} If it is there but cannot be read.
   */
  read(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /**
   * A file beside the main one that may be read piece by piece, where that spares having it in memory; the caller closes it.
   *
   * @returns `undefined` if there is no such file on this machine.
   * @throws {ModelError} If it is there but cannot be read.
   */
  open?(name: string): Promise<ByteSource | undefined>;
}

/** How a model's main file begins. */
export function headOf(folder: Pick<ModelFolder, "main" | "pieces">): Uint8Array {
  return folder.pieces?.head ?? folder.main.subarray(0, headSize); // which is read when it is asked for
}

/** Whether a model's main file begins as an object in JSON does, with a mark of its encoding or without. */
export function beginsAsJson(folder: Pick<ModelFolder, "main" | "pieces">): boolean {
  const beginning = new TextDecoder("latin1").decode(headOf(folder).subarray(0, 256));
  return /^(\xef\xbb\xbf)?\s*\{/.test(beginning);
}

/** A model's main file, to be read piece by piece; the caller closes it. */
export function sourceOf(folder: Pick<ModelFolder, "main" | "pieces">): ByteSource {
  return folder.pieces?.open() ?? bytesSource(folder.main); // which is read when it is asked for
}

/**
 * A file beside a model's main one, to be read piece by piece; the caller closes it.
 *
 * @returns `undefined` if there is no such file.
 * @throws {ModelError} If it is there but cannot be read.
 */
export async function openBeside(folder: ModelFolder, name: string): Promise<ByteSource | undefined> {
  const source = await folder.open?.(name);
  if (source) return source;
  const bytes = await folder.read(name);
  return bytes && bytesSource(bytes);
}
