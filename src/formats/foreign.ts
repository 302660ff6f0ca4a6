import { listQuoted } from "../base/quote.ts";
import { describeForeignPhoto } from "../input/image/foreign.ts";

/** A kind of file that is often taken for a model, and what to do about it. */
interface ForeignKind {
  /** How its content begins: text, or bytes. */
  readonly begins: string | readonly number[];
  /** Where that stands; at the beginning if left out, behind white space for text. */
  readonly at?: number;
  /** What to tell the user. */
  readonly advice: string;
}

const fromPython =
  "rebuild the network in Keras and save it as .keras, or convert it to a TensorFlow.js model";

const isYaml =
  "it is a Keras architecture in YAML, which later versions of Keras do not read either: write it as JSON with model.to_json(), or save the whole model as .keras";

const isPhoto = "it is a photo, not a model";

/** What stands in place of a file that was not fetched. */
const mistakes: readonly ForeignKind[] = [
  {
    begins: "version https://git-lfs",
    advice: "it is a Git LFS pointer, not the file itself: fetch it with git lfs pull",
  },
  { begins: "<", advice: "it is a web page or XML, not a model: check the address it was downloaded from" },
];

const foreignKinds: readonly ForeignKind[] = [
  ...mistakes,
  {
    begins: [0x08, 0x01, 0x12],
    advice:
      "it is a TensorFlow SavedModel: convert its folder with tensorflowjs_converter, or save the model as .keras",
  },
  {
    begins: [0x0a],
    advice:
      "it is a TensorFlow graph (.pb): convert the model it came from with tensorflowjs_converter, or save it as .keras",
  },
  { begins: "backend: ", advice: isYaml },
  { begins: "class_name: ", advice: isYaml },
  { begins: "!!python/", advice: isYaml },
  { begins: [0x08], advice: "it is an ONNX model that is cut off or damaged: fetch or export it again" },
  {
    begins: "TFL3",
    at: 4,
    advice: "it is a TensorFlow Lite model: give the Keras model that it was made of",
  },
  ...[2, 3, 4, 5].map((protocol): ForeignKind => ({
    begins: [0x80, protocol],
    advice: `it is a PyTorch file or another Python pickle: ${fromPython}`,
  })),
  { begins: [0x89, 0x50, 0x4e, 0x47], advice: isPhoto },
  { begins: [0xff, 0xd8, 0xff], advice: isPhoto },
  { begins: "GIF8", advice: isPhoto },
  { begins: "WEBP", at: 8, advice: isPhoto },
  { begins: "II*\0", advice: isPhoto },
  { begins: "MM\0*", advice: isPhoto },
  { begins: "PK\x05\x06", advice: "it is an empty ZIP archive: give the model's own file" },
  { begins: [0x1f, 0x8b], advice: "it is packed with gzip: unpack it first" },
  { begins: "ustar", at: 257, advice: "it is a packed folder (tar): unpack it first" },
  { begins: "\x93NUMPY", advice: `it is a NumPy array, not a model: ${fromPython}` },
  {
    begins: "[",
    advice:
      "it is a JSON list, such as weights_manifest.json of TensorFlow.js 0.x: convert the original model again with today's tensorflowjs_converter",
  },
  {
    begins: "model_checkpoint_path",
    advice:
      "it is the record of a TensorFlow checkpoint, weights without an architecture: save the whole model as .keras",
  },
  { begins: "GGUF", advice: "it is a GGUF file, which holds language models: give an image classifier" },
  { begins: '{"', at: 8, advice: `it is a safetensors file, weights without an architecture: ${fromPython}` },
];

/** Files inside ZIP archives that tell what they are. */
const foreignArchives: readonly { readonly file: RegExp; readonly advice: string }[] = [
  { file: /(^|\/)data\.pkl$/, advice: `it is a PyTorch file: ${fromPython}` },
  {
    file: /\.npy$/,
    advice: "it is a NumPy archive, weights without an architecture: save the whole model as .keras",
  },
  { file: /(^|\/)model\.json$/, advice: "it is a packed folder: unpack it and give its model.json" },
  { file: /(^|\/)saved_model\.pb$/, advice: "it is a packed SavedModel: unpack it and convert it" },
  { file: /\.zip$/, advice: "it is an archive within an archive: unpack it first" },
  {
    file: /(^|\/)model\.weights\.h5$/,
    advice: "it is a .keras archive without its config.json: save the whole model with model.save()",
  },
  { file: /\.(keras|h5|hdf5)$/, advice: "it is a packed model: unpack it first" },
];

/**
 * Say what a ZIP archive is that is no Keras model.
 *
 * @param names The files inside it.
 */
export function recogniseArchive(names: readonly string[]): string {
  const kind = foreignArchives.find(({ file }) => names.some((name) => file.test(name)));
  const inside = listQuoted(names.slice(0, 3)) || "nothing";
  return kind?.advice ?? `it is a ZIP archive, but no Keras model: it holds ${inside}`;
}

function findKind(bytes: Uint8Array, kinds: readonly ForeignKind[]): ForeignKind | undefined {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 512)).replace(/^\xef\xbb\xbf/, "");
  return kinds.find(({ begins, at }) => {
    if (typeof begins !== "string") return begins.every((byte, index) => bytes[index] === byte);
    return at === undefined ? text.trimStart().startsWith(begins) : text.startsWith(begins, at);
  });
}

/** No page and no pointer is shorter than that, but a few numbers may look like any text. */
const shortestText = "<html></html>".length;

/** Whether a file begins as a text does: numbers may begin with any byte, but do not go on so. */
function beginsAsText(bytes: Uint8Array): boolean {
  if (bytes.length < shortestText) return false;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, 512), { stream: true });
    return !/[^\P{Cc}\t\n\r]/u.test(text) && !/^\s*<[^a-z!?]/i.test(text);
  } catch {
    return false;
  }
}

/**
 * Say what stands in place of a file of numbers that was not fetched; `undefined` if it may be the file itself.
 *
 * @param bytes The file's content, or its beginning.
 */
export function recogniseMistake(bytes: Uint8Array): string | undefined {
  return beginsAsText(bytes) ? findKind(bytes, mistakes)?.advice : undefined;
}

/** How a text begins; `undefined` for what is no text. */
function describeText(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 512));
  if (!/^[\t\n\r -~]+$/.test(text)) return undefined;
  return `it is a text that begins with ${JSON.stringify(text.trim().slice(0, 32))}, not a model`;
}

/**
 * Say what a file is that no format opens.
 *
 * @param bytes The file's content.
 */
export function recogniseForeign(bytes: Uint8Array): string {
  if (bytes.length === 0) return "the file is empty";
  const what = describeForeignPhoto(bytes) ?? findKind(bytes, foreignKinds)?.advice ?? describeText(bytes) ??
    "it is of no known format";
  return what.includes(": ")
    ? what
    : `${what}: give a TensorFlow.js model.json, a Keras .keras or .h5, or an ONNX file`;
}
