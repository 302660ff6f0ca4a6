/**
 * Build what photos take most of their time in: `src/input/image/simd/assembly/`, which is AssemblyScript, becomes a small
 * WebAssembly module in base 64 in a module of its own, which is imported with no permission.
 *
 *     deno task pixels:build
 */
const folder = new URL("../src/input/image/simd/", import.meta.url);

/** The compiler. */
const compiler = "npm:assemblyscript@0.28.20/asc";

/** No runtime: nothing is allocated but what the caller lays out in the memory. */
const options = [
  ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--disableWarning", "112"],
  ...["--initialMemory", "1"],
];

/** Where the binary goes. */
export const builtPixels = new URL("built.ts", folder);

/** The text of the binary's module, or why it could not be had. */
export async function compilePixels(): Promise<{ text: string } | { reason: string }> {
  const temporary = await Deno.makeTempDir();
  const out = `${temporary}/pixels.wasm`;
  const source = new URL("assembly/index.ts", folder).pathname;
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--no-lock",
        "--no-config",
        compiler,
        source,
        ...options,
        "--outFile",
        out,
      ],
      cwd: folder.pathname,
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) return { reason: new TextDecoder().decode(stderr).trim() };
    return { text: write(await Deno.readFile(out)) };
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

function write(binary: Uint8Array): string {
  return `// Made by tools/build_pixels.ts of what is in assembly/: change that, and run "deno task pixels:build".

/** The binary in base 64. */
export const base64: string =
  "${binary.toBase64()}";
`;
}

if (import.meta.main) {
  const compiled = await compilePixels();
  if ("reason" in compiled) throw new Error(`Cannot build what reads and writes pixels: ${compiled.reason}`);
  await Deno.writeTextFile(builtPixels, compiled.text);
  console.log(`${compiled.text.length} characters`);
}
