/**
 * The command line tool: where in this picture did the network look?
 *
 * ```sh
 * deno run -A jsr:@xai/gradcam/cli photo.jpg     # writes photo.gradcam.png
 * deno run -A jsr:@xai/gradcam/cli --help
 * ```
 *
 * `main` is the whole tool as a function of arguments and streams.
 *
 * @example Run it without a process
 * ```ts
 * import { main } from "@xai/gradcam/cli";
 * import { assertEquals } from "@std/assert";
 *
 * let printed = "";
 * const output = { columns: undefined, write: async (text: Uint8Array | string) => void (printed += text) };
 * const stdin = new Blob([]).stream();
 * const { signal } = new AbortController();
 * assertEquals(await main(["--version"], { stdin, stdout: output, stderr: output, signal }), 0);
 * assertEquals(printed.startsWith("gradcam "), true);
 * ```
 *
 * @module
 */
import { beginIfServing } from "./src/cli/begin_serving.ts";
import { type CliIo, processIo } from "./src/cli/io.ts";

export type { CliIo, CliOutput } from "./src/cli/io.ts";

/**
 * The command line tool.
 *
 * @param args The arguments, without the program's name.
 * @param io Where to read and write.
 * @returns The exit code: 0 if all went well, 1 if something failed, 2 if the command line is wrong, 130 if
 * interrupted.
 */
export async function main(args: readonly string[], io: CliIo): Promise<number> {
  const { main } = await import("./src/cli/main.ts");
  return await main(args, io);
}

if (import.meta.main) {
  beginIfServing(Deno.args);
  Deno.exit(await main(Deno.args, processIo()));
}
