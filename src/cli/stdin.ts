import { ImageError } from "../base/errors.ts";
import type { CliIo } from "./io.ts";

function explain(error: unknown): string {
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}

/**
 * A photo from standard input. What sends it may never end, so an interruption is not waited for.
 *
 * @throws {ImageError} If it cannot be read.
 * @throws The signal's reason, when it is given.
 */
export async function readStdin({ stdin, signal }: Pick<CliIo, "stdin" | "signal">): Promise<Uint8Array> {
  try {
    return await new Response(stdin.pipeThrough(new TransformStream(), { signal })).bytes();
  } catch (error) {
    signal.throwIfAborted();
    throw new ImageError(`Cannot read standard input: ${explain(error)}`);
  }
}
