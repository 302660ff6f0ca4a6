/// <reference lib="dom" />
/** What a PNG begins with, and where its header has the bits of a sample. */
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const depthAt = 24;

/** Whether a file is a PNG of 16 bits: browsers show 8 of them, and which of the values count is for the server to say. */
export async function isDeepPng(file: Blob): Promise<boolean> {
  const bytes = new Uint8Array(await file.slice(0, depthAt + 1).arrayBuffer());
  return signature.every((byte, at) => bytes[at] === byte) && bytes[depthAt] === 16;
}
