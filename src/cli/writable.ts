import { OutputError } from "../base/errors.ts";
import { cut, quote } from "../base/quote.ts";
import { longestPath } from "../platform/files.ts";
import { describeError } from "./describe_error.ts";
import { type Destination, folderOf, pathIn } from "./destination.ts";

/** The longest reason that is not ours, in characters. */
const longestReason = 240;

function explainRefusal(error: unknown, folder: string, kind: "file" | "folder"): string {
  if (error instanceof Deno.errors.NotCapable) {
    const path = cut(folder, longestPath);
    return `permission denied: allow it with --allow-read=${path} --allow-write=${path}`;
  }
  if (error instanceof Deno.errors.NotFound) {
    return kind === "file" ? "no such folder" : "no such folder: end its name with / to have it made";
  }
  if (error instanceof Deno.errors.NotADirectory) return "it is no folder";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return cut(describeError(error), longestReason);
}

/** Make a folder and those above it; whether it was not there yet. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await Deno.mkdir(path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.mkdir(path, { recursive: true });
  }
  return true;
}

/** Write, rename and remove an empty file: putting results in place takes all three. */
async function probe(folder: string): Promise<void> {
  const path = pathIn(folder, `.gradcam-${crypto.randomUUID().slice(0, 8)}.part`);
  await Deno.writeFile(path, new Uint8Array(), { createNew: true });
  try {
    await Deno.rename(path, path);
  } finally {
    await Deno.remove(path);
  }
}

/** The end of having prepared a destination. */
export interface PreparedFolder {
  /** Remove the folder if it was made for the results and there came none. */
  removeIfUnused(): Promise<void>;
}

/**
 * Try whether results can be written, before anything is computed. A folder whose name ends in a slash is made.
 *
 * @param destination Where results are to go.
 * @throws {OutputError} If they cannot.
 */
export async function prepareFolder(destination: Destination): Promise<PreparedFolder> {
  if (destination.kind === "stdout") return { removeIfUnused: async () => {} };
  const folder = folderOf(destination);
  let isMade = false;
  const removeIfUnused = async () => {
    if (isMade) await Deno.remove(folder).catch(() => {}); // fails where it holds something, as it should
  };
  try {
    isMade = destination.kind === "folder" && /[/\\]$/.test(folder) && await makeFolder(folder);
    await probe(folder);
    return { removeIfUnused };
  } catch (error) {
    await removeIfUnused();
    const name = folder || ".";
    throw new OutputError(`Cannot write to ${quote(name)}: ${explainRefusal(error, name, destination.kind)}`);
  }
}
