import { beginsAsJson, type ModelFolder } from "./model_folder.ts";

/** The lists of files in a model.json's manifest of weights. */
const pathLists = /"paths"\s*:\s*(\[[^\]]*\])/g;

/** The weights files that a model.json lists; none where it is no such file, or damaged. */
function weightsFilesOf(folder: ModelFolder): Set<string> {
  if (!beginsAsJson(folder)) return new Set();
  const lists = new TextDecoder().decode(folder.main).matchAll(pathLists);
  try {
    const paths = [...lists].flatMap(([_, list]): unknown => JSON.parse(list!));
    return new Set(paths.filter((path) => typeof path === "string"));
  } catch {
    return new Set();
  }
}

/**
 * Read a model's weights files while something else is being waited for, such as the start of a backend.
 *
 * @param folder The model's files.
 * @param use Opens the model of the folder that it is given, which has begun to read them. What it leaves unread is
 * stopped.
 */
export async function readAhead<T>(
  folder: ModelFolder,
  use: (folder: ModelFolder) => Promise<T>,
): Promise<T> {
  const paths = weightsFilesOf(folder);
  if (paths.size === 0) return await use(folder);
  const controller = new AbortController();
  const { signal } = controller;
  const started = new Map([...paths].map((path) => [path, folder.read(path, signal)]));
  const ended = Promise.all(started.values().map((reading) => reading.then(() => {}, () => {})));
  try {
    return await use({
      name: folder.name,
      title: folder.title,
      main: folder.main,
      holder: folder.holder,
      notes: folder.notes,
      weights: folder.weights,
      read(name, signal) {
        const reading = started.get(name);
        started.delete(name); // what was read may be forgotten when its reader forgets it
        if (!reading) return folder.read(name, signal);
        signal?.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
        return reading;
      },
    });
  } finally {
    controller.abort();
    await ended;
  }
}
