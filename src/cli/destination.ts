import { quote } from "../base/quote.ts";
import { encodingOfEnding, type PictureFormat } from "../draw/encodings/mod.ts";
import {
  endingsOf,
  type Rendering,
  renderingEndings,
  renderingOfEnding,
  renderings,
} from "../draw/renderings/mod.ts";
import { cardFormats } from "../report/card/formats.ts";
import { holdsAllMaps, type Kinds } from "./output_names.ts";
import { UsageError } from "./usage_error.ts";

/** Where results go. */
export type Destination =
  | { readonly kind: "stdout" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string };

/** What decides where results go. */
export interface DestinationRequest extends Kinds {
  /** The value of `--out`, if it was given. */
  readonly out: string | undefined;
  /** How many photos there are. */
  readonly photos: number;
  /** How many maps each of them gets. */
  readonly maps: number;
  /** Whether there is a grid of all of them. */
  readonly isGrid?: boolean | undefined;
  /** Whether each photo gets a trust card, in several files. */
  readonly hasCards?: boolean | undefined;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // not there, or not to be looked at: writing will tell
  }
}

/** The ending of a file's name, with its dot, in lower case; empty where there is none. */
function endingOf(path: string): string {
  return /\.[a-z0-9]+$/i.exec(path)?.[0].toLowerCase() ?? "";
}

/** What a file's ending asks for, if anything. */
export function renderingOfPath(path: string): Rendering | undefined {
  return renderingOfEnding(endingOf(path));
}

/** The format of pictures that a file's ending asks for, if any. */
export function formatOfPath(path: string): PictureFormat | undefined {
  return encodingOfEnding(endingOf(path))?.name;
}

function checkSingle(out: string, request: DestinationRequest): Rendering {
  const { kinds, photos, maps, isGrid = false, hasCards = false } = request;
  const kind = isGrid ? renderings[0] : kinds[0];
  const things = photos * kinds.reduce((sum, one) => sum + (holdsAllMaps(one) ? 1 : maps), 0) +
    (isGrid ? 1 : 0) + (hasCards ? photos * cardFormats.length : 0);
  if (things === 1 && kind) return kind;
  const reason = things === 0 ? "there is nothing to save" : `there are ${things} things to save`;
  throw new UsageError(`Cannot use --out ${quote(out)}: ${reason}: name a folder`);
}

/**
 * Where results go, from what was asked for.
 *
 * @throws {UsageError} If `--out` names one file and there is not one thing to save, or of another kind.
 */
export async function chooseDestination(request: DestinationRequest): Promise<Destination> {
  const { out } = request;
  if (out === undefined) return { kind: "folder", path: "" };
  if (out === "-") {
    checkSingle(out, request);
    return { kind: "stdout" };
  }
  if (/[/\\]$/.test(out) || endingOf(out) === "" || await isFolder(out)) return { kind: "folder", path: out };
  if (!renderingOfPath(out)) {
    throw new UsageError(
      `Cannot use --out ${quote(out)}: use a folder, or a name that ends in ${renderingEndings}`,
    );
  }
  const kind = checkSingle(out, request);
  if (endingsOf(kind, request).includes(endingOf(out))) return { kind: "file", path: out };
  const format = kind.draw && formatOfPath(out) ? request.format! : kind.name;
  const endings = endingsOf(kind, request).join(", ");
  throw new UsageError(`Cannot use --out ${quote(out)} for ${format}: use a name that ends in ${endings}`);
}

/** The folder that a destination writes into. */
export function folderOf(destination: Destination & { path: string }): string {
  if (destination.kind === "folder") return destination.path;
  const end = Math.max(destination.path.lastIndexOf("/"), destination.path.lastIndexOf("\\")) + 1;
  return destination.path.slice(0, end);
}

/** The path of a file in a folder; in the current one, its name. */
export function pathIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder.replace(/(?<=.)[/\\]+$/, "")}/${name}`.replace(/^\/+/, "/");
}
