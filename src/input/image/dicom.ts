import { hasText, textAt, viewOf } from "./bytes.ts";

/** Kinds of values whose length takes four bytes, behind two that are empty. */
const longKinds = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];

/** The groups of elements that a file can begin with: about the file, and about the picture. */
const firstGroups = [0x0002, 0x0008];

/** How many elements must follow one another. */
const needed = 2;

/** Where an element of a data set ends; `undefined` if there is none. */
function endOfElement(bytes: Uint8Array, at: number, littleEndian: boolean): number | undefined {
  if (at + 12 > bytes.length) return undefined;
  const view = viewOf(bytes);
  const kind = textAt(bytes, at + 4, 2);
  if (longKinds.includes(kind)) return at + 12 + view.getUint32(at + 8, littleEndian);
  if (/^[A-Z]{2}$/.test(kind)) return at + 8 + view.getUint16(at + 6, littleEndian);
  return at + 8 + view.getUint32(at + 4, littleEndian); // the kind is left out
}

/** Whether a file begins with elements of DICOM, one after another in the order of their numbers. */
function beginsWithElements(bytes: Uint8Array, littleEndian: boolean): boolean {
  const view = viewOf(bytes);
  let [at, previous] = [0, -1];
  for (let count = 0; count < needed; count++) {
    const end = endOfElement(bytes, at, littleEndian);
    if (end === undefined || end > bytes.length || end % 2 !== 0) return false;
    const [group, element] = [view.getUint16(at, littleEndian), view.getUint16(at + 2, littleEndian)];
    if (!firstGroups.includes(group) || group * 0x10000 + element <= previous) return false;
    [at, previous] = [end, group * 0x10000 + element];
  }
  return true;
}

/**
 * Whether a file is a DICOM one: by its preamble, or, where that is left out, by its first elements. One whose preamble
 * begins a TIFF is both, and can be read as the latter.
 */
export function isDicom(bytes: Uint8Array): boolean {
  if (hasText(bytes, "DICM", 128)) return !["II*\0", "MM\0*"].some((text) => hasText(bytes, text));
  return beginsWithElements(bytes, true) || beginsWithElements(bytes, false);
}
