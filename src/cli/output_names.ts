import { decoded } from "../base/decoded.ts";
import { fileTypeOf, type Rendering, renderings } from "../draw/renderings/mod.ts";
import type { EncodingOptions } from "../draw/encodings/mod.ts";

/** A file to write for one photo. */
export interface PlannedFile {
  /** What it holds. */
  readonly rendering: Rendering;
  /** The number of the map in the explanation; `undefined` where it holds all of them. */
  readonly map: number | undefined;
  /** Its name, without a folder. */
  readonly name: string;
}

/** What of a map its file's name says. */
export interface NamedMap {
  /** The index in the model's output. */
  readonly classIndex: number;
  /** The name, where it is known. */
  readonly label: string | undefined;
  /** The method that made it. */
  readonly method: string;
}

/** Characters that one file system or another does not take in a name. */
// deno-lint-ignore no-control-regex -- control characters are among them
const unsafe = /[\x00-\x1f<>:"/\\|?*]+/g;

/** The longest part of a name that is taken from a photo or a label, in characters. */
const longest = 80;

/** Text as a part of a file's name, on every system. */
export function safePart(text: string): string {
  return Array.from(text.replace(unsafe, "_")).slice(0, longest).join("").replace(/^\.+|[. ]+$/g, "");
}

/**
 * A photo's name without folder and ending.
 *
 * @param photo A path, a URL, or `-` for standard input.
 */
export function stemOf(photo: string): string {
  if (photo === "-") return "stdin";
  if (/^data:/i.test(photo)) return "photo";
  const isUrl = /^(https?|file):/i.test(photo) && URL.canParse(photo);
  const path = isUrl ? decoded(new URL(photo).pathname) : photo;
  const name = path.split(/[/\\]/).findLast((part) => part !== "") ?? "";
  return safePart(name.replace(/(?<=.)\.[^.]*$/, "")) || "photo";
}

/**
 * A stem for each photo, numbered where several have the same, so that no result overwrites another's.
 *
 * @param photos Paths, URLs or `-`.
 */
export function uniqueStems(photos: readonly string[]): string[] {
  const stems = photos.map(stemOf);
  const taken = new Set<string>();
  const reserved = new Set(stems.map((stem) => stem.toLowerCase()));
  return stems.map((stem) => {
    let name = stem;
    const isFree = () =>
      !taken.has(name.toLowerCase()) && (name === stem || !reserved.has(name.toLowerCase()));
    for (let number = 2; !isFree(); number++) name = `${stem}-${number}`;
    taken.add(name.toLowerCase()); // some file systems do not tell A from a
    return name;
  });
}

/** The rendering that is taken when none is named. */
const defaultRendering = renderings[0]!;

/** Whether one file holds all maps: others hold one each. */
export function holdsAllMaps({ holdsAll }: Rendering): boolean {
  return holdsAll === true;
}

/** What is saved of each photo. */
export interface Kinds extends Pick<EncodingOptions, "format"> {
  /** All of them. */
  readonly kinds: readonly Rendering[];
}

/** Pictures of several kinds have the same ending: their names say which is which. */
function kindPart(rendering: Rendering, { kinds, format }: Kinds): string {
  const { extension } = fileTypeOf(rendering, { format });
  const isMistakable = rendering.draw && !(rendering === defaultRendering && kinds.length === 1);
  return `.${isMistakable ? rendering.name : "gradcam"}${extension}`;
}

function classPart({ classIndex, label }: NamedMap, maps: readonly NamedMap[]): string {
  if (maps.every((map) => map.classIndex === classIndex)) return "";
  const name = safePart((label ?? "").replace(/[\s,]+/g, "_"));
  return `.${classIndex}${name === "" ? "" : `_${name}`}`;
}

function methodPart({ method }: NamedMap, maps: readonly NamedMap[]): string {
  return maps.every((map) => map.method === method) ? "" : `.${method}`;
}

/**
 * The files to write for one photo.
 *
 * @param stem The photo's name without ending.
 * @param wanted What to save, and the format of pictures.
 * @param maps The maps: each has its own picture, and its class and method in the file's name where there are several.
 */
export function plannedFiles(
  stem: string,
  wanted: Kinds,
  maps: readonly NamedMap[],
): PlannedFile[] {
  return wanted.kinds.flatMap((rendering): PlannedFile[] => {
    const part = kindPart(rendering, wanted);
    if (holdsAllMaps(rendering)) return [{ rendering, map: undefined, name: `${stem}${part}` }];
    return maps.flatMap((item, map) => {
      const name = `${stem}${classPart(item, maps)}${methodPart(item, maps)}${part}`;
      return rendering.methods?.includes(item.method) ?? true ? [{ rendering, map, name }] : [];
    });
  });
}
