import { type Location, pathOf } from "../files.ts";

/** The file that is opened when a folder is given. */
export const mainFile = "model.json";

/** Endings of files that hold a whole model. */
const wholeModels = /\.(keras|h5|hdf5)$/i;

/** What a folder holds that is no model of ours, and what to do about it. */
const foreignFolders: readonly { readonly file: string; readonly advice: string }[] = [
  {
    file: "tensorflowjs_model.pb",
    advice:
      "it holds a model of TensorFlow.js 0.x: convert the original model again with today's tensorflowjs_converter",
  },
  {
    file: "saved_model.pb",
    advice:
      "it holds a TensorFlow SavedModel: convert it with tensorflowjs_converter --input_format=tf_saved_model, or save the Keras model as .keras",
  },
  {
    file: "model.weights.h5",
    advice: "it holds an unpacked .keras archive: give the archive itself",
  },
];

/** The names in a folder; none where it is far away or may not be listed. */
async function list(folder: Location): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(pathOf(folder))) names.push(name);
    return names;
  } catch {
    return [];
  }
}

/**
 * The one file of a folder without a model.json that holds a whole model, or why there is none.
 *
 * @param folder On this machine.
 */
export async function findWholeModel(folder: Location): Promise<{ file: string } | { reason: string }> {
  const names = await list(folder);
  const models = names.filter((name) => wholeModels.test(name)).sort();
  if (models.length === 1 && models[0] !== "model.weights.h5") return { file: models[0]! };
  if (models.length > 1) return { reason: `the folder has several models: give one of ${models.join(", ")}` };
  const foreign = foreignFolders.find(({ file }) => names.includes(file));
  return { reason: foreign?.advice ?? `the folder has no ${mainFile}` };
}
