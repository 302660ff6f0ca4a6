import { isAvif } from "./avif_brands.ts";
import { viewOf } from "./bytes.ts";
import { isDng, isRawTiff } from "./camera_raw.ts";
import { type ForeignFile, withAnyText, withBytes, withStart, withText } from "./foreign_file.ts";
import { isFrame, jpegSegments } from "./jpeg_segments.ts";

const asPng = "save it as PNG";

const develop = "save it as JPEG, or as a TIFF of 16 bits";

/** A camera's own files that are built in a way of their own. */
const rawFiles: readonly { readonly ending: string; readonly matches: ForeignFile["matches"] }[] = [
  { ending: "cr3", matches: withText("ftypcrx ", 4) },
  { ending: "crw", matches: withText("HEAPCCDR", 6) },
  { ending: "orf", matches: withAnyText(["IIRO", "IIRS", "MMOR"]) },
  { ending: "rw2", matches: withText("IIU\0") },
  { ending: "raf", matches: withText("FUJIFILMCCD-RAW") },
  { ending: "x3f", matches: withText("FOVb") },
  { ending: "mrw", matches: withText("\0MRM") },
];

/** What begins the picture of a JPEG that is compressed without loss. */
const losslessFrame = 0xc3;

/** What begins the picture of JPEG-LS, which is another format. */
const jpegLsFrame = 0xf7;

function isJpeg(bytes: Uint8Array): boolean {
  return withBytes(0xff, 0xd8, 0xff)(bytes);
}

/** Whether a JPEG's picture begins in a way that it does not in others. */
function hasFrame(bytes: Uint8Array, isSought: (marker: number, bits: number) => boolean): boolean {
  if (!isJpeg(bytes)) return false;
  for (const segment of jpegSegments(bytes)) {
    if (isFrame(segment) || segment.marker === jpegLsFrame) {
      return segment.start + 4 < bytes.length && isSought(segment.marker, bytes[segment.start + 4]!);
    }
  }
  return false;
}

/** Pictures of formats that are not decoded. */
export const foreignPictures: readonly ForeignFile[] = [
  {
    what: "a HEIC photo",
    advice: "save it as JPEG",
    endings: ["heic", "heif", "hif"],
    matches: (bytes) => withStart(/^.{4}ftyp(hei|hev|mif1|msf1)/s)(bytes) && !isAvif(bytes),
  },
  { what: "a camera's raw picture (DNG)", advice: develop, endings: ["dng"], matches: isDng },
  {
    what: "a camera's raw picture",
    advice: develop,
    endings: ["cr2", "nef", "nrw", "arw", "sr2", "srw", "pef", "3fr", "iiq", "erf"],
    matches: isRawTiff,
  },
  ...rawFiles.map(({ ending, matches }): ForeignFile => ({
    what: `a camera's raw picture (${ending.toUpperCase()})`,
    advice: develop,
    endings: [ending],
    matches,
  })),
  {
    what: "a BigTIFF",
    advice: "save it as a TIFF of less than 4 GB",
    matches: withAnyText(["II+\0", "MM\0+"]),
  },
  { what: "a JPEG-LS picture", advice: asPng, endings: ["jls"], matches: (bytes) => hasFrame(bytes, isLs) },
  { what: "a lossless JPEG", advice: asPng, matches: (bytes) => hasFrame(bytes, isLossless) },
  {
    what: "a JPEG of 12 bits",
    advice: "save it as a 16-bit PNG",
    matches: (bytes) => hasFrame(bytes, (_, bits) => bits === 12),
  },
  {
    what: "a JPEG XL picture",
    advice: "save it as JPEG or PNG",
    endings: ["jxl"],
    matches: (bytes) => withBytes(0xff, 0x0a)(bytes) || withText("JXL \r\n\x87\n", 4)(bytes),
  },
  {
    what: "a JPEG 2000 picture",
    advice: asPng,
    endings: ["jp2", "j2k", "jpx", "jpf", "j2c"],
    matches: (bytes) => withText("jP  \r\n\x87\n", 4)(bytes) || withBytes(0xff, 0x4f, 0xff, 0x51)(bytes),
  },
  { what: "a JPEG XR picture", advice: asPng, endings: ["jxr", "wdp"], matches: withText("II\xbc") },
  { what: "a Photoshop file", advice: asPng, endings: ["psd", "psb"], matches: withText("8BPS") },
  { what: "a GIMP file", advice: asPng, endings: ["xcf"], matches: withText("gimp xcf") },
  {
    what: "an SVG",
    advice: asPng,
    endings: ["svg"],
    matches: withStart(/^\s*(<\?xml[^>]*>\s*)?(<!DOCTYPE svg[^>]*>\s*)?(<!--.*?-->\s*)*<svg/s),
  },
  { what: "a PDF", advice: "save the page as PNG", endings: ["pdf"], matches: withText("%PDF") },
  {
    what: "a PostScript file",
    advice: asPng,
    endings: ["eps", "ps"],
    matches: (bytes) => withText("%!PS")(bytes) || withBytes(0xc5, 0xd0, 0xd3, 0xc6)(bytes),
  },
  { what: "an OpenEXR picture", advice: asPng, endings: ["exr"], matches: withBytes(0x76, 0x2f, 0x31, 0x01) },
  { what: "a Radiance picture", advice: asPng, matches: withAnyText(["#?RADIANCE", "#?RGBE"]) },
  {
    what: "a Netpbm picture",
    advice: asPng,
    endings: ["pgm", "ppm", "pbm", "pnm", "pam", "pfm"],
    matches: withStart(/^P[1-7Ff]\s/),
  },
  { what: "a QOI picture", advice: asPng, endings: ["qoi"], matches: withText("qoif") },
  { what: "a DirectDraw surface", advice: asPng, endings: ["dds"], matches: withText("DDS ") },
  {
    what: "an icon",
    advice: asPng,
    endings: ["ico", "cur", "icns"],
    matches: (bytes) => isIcon(bytes) || withText("icns")(bytes),
  },
];

function isLs(marker: number): boolean {
  return marker === jpegLsFrame;
}

function isLossless(marker: number): boolean {
  return marker === losslessFrame;
}

/** Whether a file holds Windows' icons or mouse pointers: a kind, and how many there are. */
function isIcon(bytes: Uint8Array): boolean {
  if (bytes.length < 22) return false;
  const view = viewOf(bytes);
  const [zero, kind, count] = [0, 2, 4].map((at) => view.getUint16(at, true));
  return zero === 0 && (kind === 1 || kind === 2) && count! > 0 && count! < 256 && bytes[9] === 0;
}
