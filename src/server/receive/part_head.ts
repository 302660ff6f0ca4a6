import { lastPartOf } from "../../platform/files.ts";
import { type HeaderValue, readExtended, readHeaderValue } from "./header_parameters.ts";

/** What stands before the content of a part of a form. */
export interface PartHead {
  /** The field's name. */
  readonly name: string;
  /** Whether the part is a file: it has a file's name, or says that it is a picture or bytes. */
  readonly isFile: boolean;
  /** The file's name, without folders, where it has one. */
  readonly fileName: string | undefined;
}

/** The lines of a part's head by their names in small letters; `undefined` where one is damaged or there twice. */
function readLines(text: string): Map<string, string> | undefined {
  const lines = new Map<string, string>();
  if (text === "") return lines;
  for (const line of text.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n")) { // a line may go on in the next
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name === "") return undefined;
    if (name.startsWith("content-") && lines.has(name)) return undefined;
    lines.set(name, line.slice(colon + 1).trim());
  }
  return lines;
}

/** A name as browsers write it: what would end it is escaped. */
function unescaped(name: string): string {
  return name.replaceAll(/%0a/gi, "\n").replaceAll(/%0d/gi, "\r").replaceAll("%22", '"');
}

/** Whether content is as it was, as all but old mail programs send it. */
function isPlain(encoding = "binary"): boolean {
  return ["7bit", "8bit", "binary"].includes(encoding.toLowerCase());
}

function fileNameOf({ parameters }: HeaderValue): string | undefined {
  const given = parameters.get("filename");
  return readExtended(parameters.get("filename*")) ?? (given === undefined ? undefined : unescaped(given));
}

/**
 * Read what stands before the content of a part of a form.
 *
 * @param text The lines, without the empty one.
 * @returns `undefined` where it is damaged, has no name, or its content is written otherwise than as it is.
 */
export function readPartHead(text: string): PartHead | undefined {
  const lines = readLines(text);
  const disposition = readHeaderValue(lines?.get("content-disposition") ?? "");
  const name = disposition?.parameters.get("name");
  if (!lines || disposition?.value !== "form-data" || name === undefined) return undefined;
  if (!isPlain(lines.get("content-transfer-encoding"))) return undefined;
  const fileName = fileNameOf(disposition);
  const isNamed = fileName !== undefined || disposition.parameters.has("filename*");
  const isBytes = /^(image\/|application\/octet-stream\b)/i.test(lines.get("content-type") ?? "");
  return {
    name: unescaped(name),
    isFile: isNamed || isBytes,
    fileName: fileName === undefined ? undefined : lastPartOf(fileName) ?? "",
  };
}
