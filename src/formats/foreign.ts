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

const isPhoto = "it is a photo, not a model";

const foreignKinds: readonly ForeignKind[] = [
  {
    begins: "version https://git-lfs",
    advice: "it is a Git LFS pointer, not the file itself: fetch it with git lfs pull",
  },
  { begins: "<", advice: "it is a web page or XML, not a model: check the address it was downloaded from" },
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
  { begins: [0x08], advice: `it is an ONNX model: ${fromPython}` },
  {
    begins: "TFL3",
    at: 4,
    advice: "it is a TensorFlow Lite model: give the Keras model that it was made of",
  },
  { begins: [0x80, 0x02], advice: `it is a PyTorch file: ${fromPython}` },
  { begins: [0x89, 0x50, 0x4e, 0x47], advice: isPhoto },
  { begins: [0xff, 0xd8, 0xff], advice: isPhoto },
  { begins: "GGUF", advice: "it is a GGUF file, which holds language models: give an image classifier" },
  { begins: '{"', at: 8, advice: `it is a safetensors file, weights without an architecture: ${fromPython}` },
];

/** Files inside ZIP archives that tell what they are. */
const foreignArchives: readonly { readonly file: RegExp; readonly advice: string }[] = [
  { file: /(^|\/)data\.pkl$/, advice: `it is a PyTorch file: ${fromPython}` },
  { file: /(^|\/)model\.json$/, advice: "it is a packed folder: unpack it and give its model.json" },
  { file: /(^|\/)saved_model\.pb$/, advice: "it is a packed SavedModel: unpack it and convert it" },
  { file: /\.(keras|h5|hdf5)$/, advice: "it is a packed model: unpack it first" },
];

/**
 * Say what a ZIP archive is that is no Keras model.
 *
 * @param names The files inside it.
 */
export function recogniseArchive(names: readonly string[]): string {
  const kind = foreignArchives.find(({ file }) => names.some((name) => file.test(name)));
  const inside = names.slice(0, 3).map((name) => `"${name}"`).join(", ") || "nothing";
  return kind?.advice ?? `it is a ZIP archive, but no Keras model: it holds ${inside}`;
}

/**
 * Say what a file is that no format opens.
 *
 * @param bytes The file's content.
 */
export function recogniseForeign(bytes: Uint8Array): string {
  if (bytes.length === 0) return "the file is empty";
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 256));
  const kind = foreignKinds.find(({ begins, at }) => {
    if (typeof begins !== "string") return begins.every((byte, index) => bytes[index] === byte);
    return at === undefined ? text.trimStart().startsWith(begins) : text.startsWith(begins, at);
  });
  return kind?.advice ?? "it is of no known format: give a TensorFlow.js model.json or a Keras .keras or .h5";
}
