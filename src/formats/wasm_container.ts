/**
 * Weights in WebAssembly modules: empty ones, with a section that holds the bytes. As modules they can be imported, so that
 * they lie in Deno's cache with the code, and take no permission to be read. The bytes begin at a multiple of eight, so that
 * numbers can be looked at where they are.
 *
 * @module
 */

/** The section that holds the bytes. */
const sectionName = "tfweights";

/** How a WebAssembly module begins, of the only version there is. */
const header = "\0asm\x01\0\0\0";

/** A number of seven bits a byte, the lowest first, and where it ends. */
function readNumber(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let [value, at, shift] = [0, start, 0];
  for (let more = true; more && shift < 35; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    more = byte > 0x7f;
  }
  return { value, end: at };
}

/** The bytes that a module holds, once it is imported. */
export function weightsIn(module: WebAssembly.Module): Uint8Array<ArrayBuffer> {
  return new Uint8Array(WebAssembly.Module.customSections(module, sectionName)[0]!);
}

/**
 * The bytes that a weights file holds: of such a module its section, of any other file all.
 *
 * @param file The file's content.
 */
export function unwrapWeights(file: Uint8Array): Uint8Array {
  const text = (start: number, end: number) => String.fromCharCode(...file.subarray(start, end));
  if (text(0, header.length) !== header || file[header.length] !== 0) return file;
  const section = readNumber(file, header.length + 1);
  const name = readNumber(file, section.end);
  const start = name.end + name.value;
  const isWhole = section.end + section.value === file.length;
  return isWhole && text(name.end, Math.min(start, file.length)) === sectionName
    ? file.subarray(start)
    : file;
}
