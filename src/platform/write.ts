import { DiskFullError, OutputError } from "../base/errors.ts";
import { cut, quote } from "../base/quote.ts";
import { longestPath, pathOf } from "./files.ts";

/** Whether a device has no room left, or the user's share of it is used up. */
export function isFull(error: unknown): boolean {
  const { code, message = "" } = (error ?? {}) as { code?: string; message?: string };
  return code === "ENOSPC" || code === "EDQUOT" || /no space left|quota exceeded/i.test(message);
}

/** Why a file cannot be written, in a few words. */
export function explainWriting(error: unknown, path: string): string {
  if (error instanceof Deno.errors.NotFound) return "its folder does not exist";
  if (error instanceof Deno.errors.NotCapable) {
    return `permission denied: allow it with --allow-write=${cut(path, longestPath)}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (isFull(error)) return "no space is left on the device";
  return cut(error instanceof Error ? error.message : error);
}

/** Why a file could not be written, as an error to throw. */
export function writeError(error: unknown, path: string): OutputError {
  if (error instanceof OutputError) return error;
  const message = `Cannot write ${quote(path)}: ${explainWriting(error, path)}`;
  return isFull(error) ? new DiskFullError(message) : new OutputError(message);
}

/**
 * Make a file whole or not at all: under a temporary name beside it, then renamed.
 *
 * @param path Where to; an existing file is replaced.
 * @param make Makes the file of the temporary name.
 * @throws {OutputError} If it cannot be written; nothing is left behind.
 */
export async function makeWhole(
  path: string | URL,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  const target = pathOf(path);
  const temporary = `${target}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    await make(temporary);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // may never have been made
    throw writeError(error, target);
  }
}

/**
 * Write a file whole or not at all.
 *
 * @param path Where to write; an existing file is replaced.
 * @param bytes The content.
 * @throws {OutputError} If it cannot be written; nothing is left behind.
 */
export async function writeWhole(path: string | URL, bytes: Uint8Array): Promise<void> {
  await makeWhole(path, (temporary) => Deno.writeFile(temporary, bytes, { createNew: true }));
}
