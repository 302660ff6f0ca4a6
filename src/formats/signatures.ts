import { hasText } from "../input/image/bytes.ts";

const hdf5Signature = "\x89HDF\r\n\x1a\n";

/** Whether a file is HDF5; a block of the user's own may stand before its content. */
export function isHdf5(bytes: Uint8Array): boolean {
  return [0, 512, 1024, 2048].some((start) => hasText(bytes, hdf5Signature, start));
}

/** Whether a file is a ZIP archive. */
export function isZip(bytes: Uint8Array): boolean {
  return hasText(bytes, "PK\x03\x04");
}
