/**
 * Files that people give as photos, though they are none that can be decoded. A new kind is an object in one of the
 * lists that are joined here.
 *
 * @module
 */
import { type ForeignFile, withBytes } from "./foreign_file.ts";
import { foreignOthers } from "./foreign_others.ts";
import { foreignPictures } from "./foreign_pictures.ts";
import { foreignScans } from "./foreign_scans.ts";

/** Pictures of all kinds, those of scanners first. */
const foreignPhotos: readonly ForeignFile[] = [...foreignScans, ...foreignPictures];

/** All kinds, in the order in which they are tried. */
const foreignFiles: readonly ForeignFile[] = [...foreignPhotos, ...foreignOthers];

/** How much of a packed file is unpacked to find out what it is, in bytes. */
const looked = 4096;

const isGzip = withBytes(0x1f, 0x8b);

/** What a file packed with gzip begins with, as far as it can be unpacked. */
async function unpackStart(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = bytes.slice(0, looked);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    const { value } = await reader.read();
    return value ?? new Uint8Array();
  } catch {
    return new Uint8Array(); // it is damaged
  } finally {
    await reader.cancel().catch(() => {}); // the rest is not there
  }
}

function findForeign(bytes: Uint8Array): ForeignFile | undefined {
  return foreignFiles.find(({ matches }) => matches(bytes));
}

/** Say of a file that was given as a model what picture it is; `undefined` where it is none, or one that is decoded. */
export function describeForeignPhoto(bytes: Uint8Array): string | undefined {
  const found = foreignPhotos.find(({ matches }) => matches(bytes));
  return found && `it is ${found.what}, not a model`;
}

/** Say what a file is that is no photo, and what to do; `undefined` where that is not known. */
export async function describeForeign(bytes: Uint8Array): Promise<string | undefined> {
  if (bytes.length === 0) return "it is empty";
  if (!isGzip(bytes)) {
    const found = findForeign(bytes);
    return found && `it is ${found.what}: ${found.advice}`;
  }
  const inside = findForeign(await unpackStart(bytes));
  return inside
    ? `it is ${inside.what}, packed with gzip: ${inside.advice}`
    : "it is packed with gzip: unpack it first";
}

/** What files of an ending are, and what to do, where they are no photos and that is known. */
export function whyNoPhoto(ending: string): string | undefined {
  const found = foreignFiles.find(({ endings = [] }) => endings.includes(ending));
  return found && `${found.what}: ${found.advice}`;
}
