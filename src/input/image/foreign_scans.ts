import { viewOf } from "./bytes.ts";
import { isDicom } from "./dicom.ts";
import { type ForeignFile, withAnyText, withBytes, withStart, withText } from "./foreign_file.ts";

/** The length of the header of NIfTI and of its forerunner, which says it itself. */
const niftiHeader = 348;

/** Whether a file is NIfTI's forerunner, a header of its own beside the values. */
function isAnalyze(bytes: Uint8Array): boolean {
  if (bytes.length < niftiHeader || bytes[38] !== "r".charCodeAt(0)) return false;
  return [true, false].some((littleEndian) => viewOf(bytes).getInt32(0, littleEndian) === niftiHeader);
}

const slice = 'save the slice that is to be explained as a 16-bit PNG (option "range", --range)';

const asPng = 'save it as a 16-bit PNG (option "range", --range)';

/** What scanners, microscopes and telescopes write. */
export const foreignScans: readonly ForeignFile[] = [
  {
    what: "a DICOM file",
    advice: 'export it as a 16-bit PNG and choose its window (option "range", --range)',
    endings: ["dcm", "dicom"],
    matches: isDicom,
  },
  {
    what: "a NIfTI volume",
    advice: slice,
    endings: ["nii"],
    matches: (bytes) =>
      withAnyText(["n+1\0", "ni1\0"], 344)(bytes) || withAnyText(["n+2\0", "ni2\0"], 4)(bytes),
  },
  { what: "the header of an ANALYZE volume", advice: slice, matches: isAnalyze },
  { what: "an NRRD volume", advice: slice, endings: ["nrrd", "nhdr"], matches: withText("NRRD") },
  {
    what: "a MetaImage volume",
    advice: slice,
    endings: ["mha", "mhd"],
    matches: withStart(/^\s*(ObjectType|NDims|Comment)\s*=/),
  },
  {
    what: "a FITS file",
    advice: asPng,
    endings: ["fits", "fit", "fts"],
    matches: withText("SIMPLE  ="),
  },
  { what: "a microscope's file (CZI)", advice: asPng, endings: ["czi"], matches: withText("ZISRAWFILE") },
  {
    what: "a microscope's file (ND2)",
    advice: asPng,
    endings: ["nd2"],
    matches: withBytes(0xda, 0xce, 0xbe, 0x0a),
  },
  { what: "a MATLAB file", advice: asPng, endings: ["mat"], matches: withText("MATLAB 5.0 MAT-file") },
];
