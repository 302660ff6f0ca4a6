import { assertEquals, assertRejects } from "@std/assert";
import { ImageError } from "../../base/errors.ts";
import { describeForeign } from "./foreign.ts";
import { decodeImage } from "./mod.ts";
import { readImageCases, readImageFile, writeTiff } from "./testing.ts";

const encode = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Bytes with a text at some place, and zeros elsewhere. */
function textAt(at: number, text: string, length = 512): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  bytes.set(encode(text), at);
  return bytes;
}

/** The first file of an archive, by its name. */
function archiveOf(name: string): Uint8Array {
  return textAt(0, "PK\x03\x04" + "\0".repeat(26) + name);
}

/** Elements of DICOM: group and number, then how the value's kind, its length and the value are written. */
function elements(littleEndian: boolean, isExplicit: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(256));
  let at = 0;
  for (
    const [number, kind, value] of [[0x05, "CS", "ISO_IR 100"], [
      0x16,
      "UI",
      "1.2.840.10008.5.1.4.1.1.2\0",
    ]] as const
  ) {
    view.setUint16(at, 0x0008, littleEndian);
    view.setUint16(at + 2, number, littleEndian);
    if (isExplicit) {
      [...kind].forEach((letter, index) => view.setUint8(at + 4 + index, letter.charCodeAt(0)));
      view.setUint16(at + 6, value.length, littleEndian);
    } else view.setUint32(at + 4, value.length, littleEndian);
    [...value].forEach((letter, index) => view.setUint8(at + 8 + index, letter.charCodeAt(0)));
    at += 8 + value.length;
  }
  return new Uint8Array(view.buffer);
}

async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

/** A small TIFF with further numbers. */
function tiff(fields: Record<number, number[]>, ...others: Record<number, number[]>[]): Uint8Array {
  const grey = { 256: [3], 257: [2], 258: [8], 262: [1], 277: [1], 278: [2] };
  return writeTiff([{ ...grey, ...fields }, ...others], new Uint8Array(6));
}

/** A TIFF whose first picture has another inside, that of a sensor behind a colour filter. */
function rawTiff(): Uint8Array {
  const [sensor] = [tiff({}, { 262: [32_803] })];
  const view = new DataView(sensor.buffer);
  const first = view.getUint32(4, true);
  const link = first + 2 + view.getUint16(first, true) * 12;
  const inner = view.getUint32(link, true);
  const withSub = tiff({ 330: [inner + 12] }, { 262: [32_803] });
  new DataView(withSub.buffer).setUint32(link + 12, 0, true); // it is inside alone, and no page
  return withSub;
}

const asPng = "save it as PNG";
const scan = 'it is a DICOM file: export it as a 16-bit PNG and choose its window (option "range", --range)';
const slice = 'save the slice that is to be explained as a 16-bit PNG (option "range", --range)';
const raw = "save it as JPEG, or as a TIFF of 16 bits";
const video = "it is a video: save one of its pictures as PNG or JPEG";
const model = "a model is named by --model, or before the photo in a program";

Deno.test("decodeImage() names what is no photo, and says what to do", async (t) => {
  const nifti = textAt(344, "n+1\0");
  const frame = (marker: number, bits: number) =>
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, marker, 0, 11, bits, 0, 2, 0, 3, 1, 1, 0x11, 0);
  const cases: readonly (readonly [name: string, bytes: Uint8Array, reason: string])[] = [
    ["DICOM", textAt(128, "DICM"), scan],
    ["DICOM without preamble", elements(true, true), scan],
    ["DICOM without preamble and kinds", elements(true, false), scan],
    ["DICOM without preamble, big-endian", elements(false, true), scan],
    ["NIfTI", nifti, `it is a NIfTI volume: ${slice}`],
    ["NIfTI's header alone", textAt(344, "ni1\0"), `it is a NIfTI volume: ${slice}`],
    ["NIfTI 2", textAt(4, "n+2\0\r\n\x1a\n"), `it is a NIfTI volume: ${slice}`],
    ["packed NIfTI", await packed(nifti), `it is a NIfTI volume, packed with gzip: ${slice}`],
    ["packed anything", await packed(textAt(0, "hello")), "it is packed with gzip: unpack it first"],
    ["damaged gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 1), "it is packed with gzip: unpack it first"],
    ["NRRD", encode("NRRD0004\n"), `it is an NRRD volume: ${slice}`],
    ["MetaImage", encode("ObjectType = Image\n"), `it is a MetaImage volume: ${slice}`],
    [
      "FITS",
      encode("SIMPLE  =                    T"),
      'it is a FITS file: save it as a 16-bit PNG (option "range", --range)',
    ],
    ["DNG", tiff({ 50706: [1] }), `it is a camera's raw picture (DNG): ${raw}`],
    ["CR2", textAt(0, "II*\0\x10\0\0\0CR\x02\0"), `it is a camera's raw picture: ${raw}`],
    ["a sensor's values", tiff({ 262: [32_803] }), `it is a camera's raw picture: ${raw}`],
    [
      "a sensor's values behind a thumbnail",
      tiff({ 254: [1] }, { 262: [34_892] }),
      `it is a camera's raw picture: ${raw}`,
    ],
    ["a sensor's values inside", rawTiff(), `it is a camera's raw picture: ${raw}`],
    ["CR3", textAt(4, "ftypcrx "), `it is a camera's raw picture (CR3): ${raw}`],
    ["RAF", encode("FUJIFILMCCD-RAW 0201"), `it is a camera's raw picture (RAF): ${raw}`],
    ["HEIC", textAt(4, "ftypheic"), "it is a HEIC photo: save it as JPEG"],
    [
      "HEIC of a general kind",
      textAt(0, "\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
      "it is a HEIC photo: save it as JPEG",
    ],
    ["JPEG XL", Uint8Array.of(0xff, 0x0a, 0, 0), "it is a JPEG XL picture: save it as JPEG or PNG"],
    [
      "boxed JPEG XL",
      textAt(0, "\0\0\0\x0cJXL \r\n\x87\n"),
      "it is a JPEG XL picture: save it as JPEG or PNG",
    ],
    ["JPEG 2000", textAt(0, "\0\0\0\x0cjP  \r\n\x87\n"), `it is a JPEG 2000 picture: ${asPng}`],
    ["JPEG 2000's codes", Uint8Array.of(0xff, 0x4f, 0xff, 0x51), `it is a JPEG 2000 picture: ${asPng}`],
    ["JPEG-LS", frame(0xf7, 8), `it is a JPEG-LS picture: ${asPng}`],
    ["lossless JPEG", frame(0xc3, 16), `it is a lossless JPEG: ${asPng}`],
    ["JPEG of 12 bits", frame(0xc1, 12), "it is a JPEG of 12 bits: save it as a 16-bit PNG"],
    ["PSD", encode("8BPS\0\x01"), `it is a Photoshop file: ${asPng}`],
    ["OpenEXR", Uint8Array.of(0x76, 0x2f, 0x31, 0x01), `it is an OpenEXR picture: ${asPng}`],
    ["Radiance HDR", encode("#?RADIANCE\n"), `it is a Radiance picture: ${asPng}`],
    ["PGM", encode("P5\n3 2\n255\n"), `it is a Netpbm picture: ${asPng}`],
    ["icon", textAt(0, "\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0"), `it is an icon: ${asPng}`],
    [
      "SVG",
      encode('\xef\xbb\xbf<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "">\n<svg/>'),
      `it is an SVG: ${asPng}`,
    ],
    ["PDF", encode("%PDF-1.7"), "it is a PDF: save the page as PNG"],
    ["MP4", textAt(4, "ftypisom"), video],
    ["QuickTime", textAt(4, "moov"), video],
    ["AVI", encode("RIFF\0\0\0\0AVI LIST"), video],
    ["WebM", Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3), video],
    ["web page", encode("\n<!-- x --><html>"), "it is a web page: give the address of the photo itself"],
    [
      "LFS pointer",
      encode("version https://git-lfs.github.com/spec/v1"),
      "it is a Git LFS pointer: fetch the file itself with git lfs pull",
    ],
    [
      "macOS's companion",
      Uint8Array.of(0, 5, 0x16, 7, 0, 2),
      "it is a companion that macOS writes beside a file: give the file whose name lacks the ._",
    ],
    ["base64", encode("iVBORw0KGgoAAAA"), "it is a picture as text (base64): decode it first"],
    ["JSON", encode('{"modelTopology": {}}'), `it is JSON: ${model}`],
    [".keras", archiveOf("metadata.json"), `it is a Keras model: ${model}`],
    [".h5", encode("\x89HDF\r\n\x1a\n"), `it is an HDF5 file, as Keras models are: ${model}`],
    ["TensorFlow Lite", textAt(4, "TFL3"), `it is a TensorFlow Lite model: ${model}`],
    ["PyTorch", archiveOf("net/data.pkl"), "it is a PyTorch model: give a photo"],
    [
      ".npy",
      encode("\x93NUMPY\x01\0"),
      "it is a NumPy array: save it as PNG, or give it as a tensor in a program",
    ],
    [".npz", archiveOf("arr_0.npy"), "it is a NumPy archive: save the array that is to be explained as PNG"],
    ["ZIP", archiveOf("photos/cat.jpg"), "it is a ZIP archive: unpack it first"],
    ["text", encode("hello"), "it is no image: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF"],
    [
      "an ONNX model",
      encode("\x08\x07\x12\x07pytorch"),
      "it is no image: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF",
    ],
  ];
  for (const [name, bytes, reason] of cases) {
    await t.step(name, async () => {
      const error = await assertRejects(() => decodeImage(bytes), ImageError);
      assertEquals(error.message, `Cannot decode the image: ${reason}`);
    });
  }
});

Deno.test("describeForeign() takes no photo for anything else, however short", async (t) => {
  for (const { file } of await readImageCases()) {
    await t.step(file, async () => {
      const bytes = await readImageFile(file);
      for (const length of [2, 8, 30, 129, 400, bytes.length]) {
        const found = await describeForeign(bytes.subarray(0, length));
        assertEquals(found, undefined, `${length} bytes`);
      }
    });
  }
});

Deno.test("decodeImage() decodes an AVIF of a general kind, and a TIFF that is a DICOM file as well", async () => {
  const avif = (await readImageFile("plain.avif")).slice();
  avif.set(encode("mif1"), 8); // "avif" stands behind it
  assertEquals((await decodeImage(avif)).width, 40);
  const grey = { 256: [20], 257: [10], 258: [8], 262: [1], 277: [1], 278: [10] };
  const both = writeTiff([grey], new Uint8Array(200));
  both.set(encode("DICM"), 128);
  assertEquals((await decodeImage(both)).width, 20);
});
