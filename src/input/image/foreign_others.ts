import { isAvif } from "./avif_brands.ts";
import { textAt } from "./bytes.ts";
import { type ForeignFile, withAnyText, withBytes, withStart, withText } from "./foreign_file.ts";

const asModel = "a model is named by --model, or before the photo in a program";

const frame = "save one of its pictures as PNG or JPEG";

const unpack = "unpack it first";

/** Archives whose first file begins with a name of a pattern. */
function archiveOf(pattern: RegExp): ForeignFile["matches"] {
  return (bytes) => withText("PK\x03\x04")(bytes) && pattern.test(textAt(bytes, 30, 128));
}

/** Whether a file is a video stream of 188 bytes a packet. */
function isTransportStream(bytes: Uint8Array): boolean {
  return [0, 188, 376].every((at) => bytes[at] === 0x47) && !withText("GIF8")(bytes);
}

/** What is no picture at all. */
export const foreignOthers: readonly ForeignFile[] = [
  {
    what: "a video",
    advice: frame,
    endings: ["mp4", "mov", "m4v", "3gp"],
    matches: (bytes) =>
      bytes.length >= 16 && withText("ftyp", 4)(bytes) && !isAvif(bytes) ||
      withAnyText(["moov", "mdat", "wide", "pnot"], 4)(bytes),
  },
  {
    what: "a video",
    advice: frame,
    endings: ["avi", "mkv", "webm", "mpg", "mpeg", "mts", "wmv", "flv"],
    matches: (bytes) =>
      withText("RIFF")(bytes) && withText("AVI ", 8)(bytes) ||
      [
        withBytes(0x1a, 0x45, 0xdf, 0xa3),
        withBytes(0, 0, 1, 0xba),
        withBytes(0, 0, 1, 0xb3),
        withBytes(0x30, 0x26, 0xb2, 0x75),
        withText("FLV\x01"),
        isTransportStream,
      ].some((matches) => matches(bytes)),
  },
  {
    what: "a web page",
    advice: "give the address of the photo itself",
    endings: ["html", "htm"],
    matches: withStart(/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|body)/is),
  },
  { what: "XML", advice: "give the photo itself", matches: withStart(/^\s*<[?!a-z]/i) },
  {
    what: "a Git LFS pointer",
    advice: "fetch the file itself with git lfs pull",
    matches: withText("version https://git-lfs"),
  },
  {
    what: "a companion that macOS writes beside a file",
    advice: "give the file whose name lacks the ._",
    matches: withBytes(0, 5, 0x16, 7),
  },
  {
    what: "a picture as text (base64)",
    advice: "decode it first",
    matches: withStart(/^\s*(data:image\/|iVBORw0KGgo|\/9j\/4)/),
  },
  { what: "JSON", advice: asModel, matches: withStart(/^\s*[{[]\s*["{[\]}\d]/) },
  {
    what: "a Keras model",
    advice: asModel,
    endings: ["keras"],
    matches: archiveOf(/^(metadata|config)\.json|^model\.weights\.h5/),
  },
  {
    what: "an HDF5 file, as Keras models are",
    advice: asModel,
    endings: ["h5", "hdf5"],
    matches: withText("\x89HDF\r\n\x1a\n"),
  },
  { what: "a TensorFlow Lite model", advice: asModel, endings: ["tflite"], matches: withText("TFL3", 4) },
  { what: "a PyTorch model", advice: "give a photo", matches: archiveOf(/^[^/]+\/data\.pkl/) },
  {
    what: "a Python pickle",
    advice: "give a photo",
    endings: ["pkl", "pickle"],
    matches: (bytes) => bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5 && bytes[2] !== undefined,
  },
  {
    what: "a NumPy array",
    advice: "save it as PNG, or give it as a tensor in a program",
    endings: ["npy"],
    matches: withText("\x93NUMPY"),
  },
  {
    what: "a NumPy archive",
    advice: "save the array that is to be explained as PNG",
    endings: ["npz"],
    matches: archiveOf(/^[^/]+\.npy/),
  },
  {
    what: "an Office document",
    advice: "save the picture in it as PNG",
    endings: ["docx", "pptx"],
    matches: archiveOf(/^(\[Content_Types\]\.xml|word\/|ppt\/|mimetype)/),
  },
  {
    what: "a ZIP archive",
    advice: unpack,
    endings: ["zip"],
    matches: withAnyText(["PK\x03\x04", "PK\x05\x06"]),
  },
  { what: "a packed folder (tar)", advice: unpack, endings: ["tar"], matches: withText("ustar", 257) },
  { what: "a RAR archive", advice: unpack, endings: ["rar"], matches: withText("Rar!\x1a\x07") },
  { what: "a 7z archive", advice: unpack, endings: ["7z"], matches: withText("7z\xbc\xaf\x27\x1c") },
];
