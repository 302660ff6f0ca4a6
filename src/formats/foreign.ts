/** A kind of file that is often taken for a model, and what to do about it. */
interface ForeignKind {
  /** How its content begins: text, or bytes. */
  readonly begins: string | readonly number[];
  /** What to tell the user. */
  readonly advice: string;
}

const foreignKinds: readonly ForeignKind[] = [
  {
    begins: "version https://git-lfs",
    advice: "it is a Git LFS pointer, not the file itself: fetch it with git lfs pull",
  },
  { begins: "<", advice: "it is a web page or XML, not a model: check the address it was downloaded from" },
  {
    begins: [0x89, 0x48, 0x44, 0x46],
    advice: "it is a Keras HDF5 file: convert it with tensorflowjs_converter",
  },
  {
    begins: "PK",
    advice: "it is a ZIP archive: unpack it, or convert a .keras file with tensorflowjs_converter",
  },
];

/**
 * Say what a file is that no format opens.
 *
 * @param bytes The file's content.
 */
export function recogniseForeign(bytes: Uint8Array): string {
  if (bytes.length === 0) return "the file is empty";
  const text = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  const kind = foreignKinds.find(({ begins }) =>
    typeof begins === "string"
      ? text.startsWith(begins)
      : begins.every((byte, index) => bytes[index] === byte)
  );
  return kind?.advice ?? "it is of no known format: give a TensorFlow.js model.json";
}
