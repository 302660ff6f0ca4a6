import { listed } from "../base/quote.ts";
import { parseArchitecture } from "./keras/is_architecture.ts";

/** The file that is opened when a folder is given. */
export const mainFile = "model.json";

/** Endings of files that hold a whole model; Keras calls weights alone `.weights.h5`. */
const wholeModels = /(?<!\.weights)\.(keras|h5|hdf5|onnx)$/i;

/** What a folder holds that is no model of ours, and what to do about it. */
const foreignFolders: readonly { readonly file: RegExp; readonly advice: string }[] = [
  {
    file: /^tensorflowjs_model\.pb$/,
    advice:
      "it holds a model of TensorFlow.js 0.x: convert the original model again with today's tensorflowjs_converter",
  },
  {
    file: /^saved_model\.pb(txt)?$/,
    advice:
      "it holds a TensorFlow SavedModel: convert it with tensorflowjs_converter --input_format=tf_saved_model, or save the Keras model as .keras",
  },
  { file: /^config\.json$/, advice: "it holds an unpacked .keras archive: give the archive itself" },
  {
    file: /\.weights\.h5$/,
    advice: "it holds weights without an architecture: save the whole model as .keras",
  },
  {
    file: /^(checkpoint|variables\.index|.*\.data-\d+-of-\d+)$/,
    advice:
      "it holds the variables of a TensorFlow model without its architecture: save the whole model as .keras",
  },
  { file: /\.(tflite|pb|pth?|safetensors)$/i, advice: "" },
];

/** What systems leave in folders and archives. */
const leftovers = /(^|\/)(\.|__MACOSX(\/|$)|Thumbs\.db$)/;

/** The file that holds a model among others, or why there is none. */
export type MainFile = { readonly file: string } | { readonly reason: string };

function baseOf(name: string): string {
  return name.split("/").at(-1)!;
}

function depthOf(name: string): number {
  return name.split("/").length;
}

/** The only one of several files. */
function pick(files: readonly string[]): MainFile {
  if (files.length === 1) return { file: files[0]! };
  const some = listed(files.toSorted().slice(0, 5)) + (files.length > 5 ? " …" : "");
  return { reason: `it holds several models: give one of ${some}` };
}

/** The model among files that lie equally deep; `undefined` if there is none. */
async function findAmong(
  files: readonly string[],
  read: (name: string) => Promise<Uint8Array | undefined>,
): Promise<MainFile | undefined> {
  const named = files.filter((file) => baseOf(file) === mainFile);
  if (named.length > 0) return pick(named);
  const whole = files.filter((file) => wholeModels.test(file));
  if (whole.length > 0) return pick(whole);
  const topologies: string[] = [];
  const architectures: string[] = [];
  for (const file of files.filter((file) => /\.json$/i.test(file)).slice(0, 32)) {
    const bytes = (await read(file)) ?? new Uint8Array();
    const text = new TextDecoder("latin1").decode(bytes);
    if (text.includes('"modelTopology"')) topologies.push(file);
    else if (text.includes("class_name") && parseArchitecture(bytes)) architectures.push(file);
  }
  if (topologies.length > 0) return pick(topologies);
  return architectures.length > 0 ? pick(architectures) : undefined;
}

/**
 * Find the model among the files of a folder, by their names and, where no name says so, by their content.
 *
 * @param names All files, with the folders inside that they lie in.
 * @param read The content of a file, which is asked of JSON files alone.
 */
export async function findMainFile(
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array | undefined>,
): Promise<MainFile> {
  const files = names.filter((name) => !leftovers.test(name));
  const byDepth = Map.groupBy(files, depthOf);
  for (const depth of [...byDepth.keys()].sort((a, b) => a - b)) {
    const found = await findAmong(byDepth.get(depth)!, read);
    if (found) return found;
  }
  const foreign = foreignFolders.find(({ file }) => files.some((name) => file.test(baseOf(name))));
  if (foreign?.advice) return { reason: foreign.advice };
  if (files.length === 1) return { file: files[0]! };
  const alone = foreign && files.filter((name) => foreign.file.test(baseOf(name)));
  return alone?.length === 1 ? { file: alone[0]! } : { reason: `it holds no ${mainFile}` };
}
