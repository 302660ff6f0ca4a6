/**
 * Build our own kernels: `backends/simd/assembly/`, which is AssemblyScript, becomes two small WebAssembly modules, with
 * relaxed SIMD and without, each in base 64 in a module of its own, which is imported with no permission.
 *
 *     deno task kernels
 */
import type { KernelBuild } from "../backends/simd/kernels.ts";

const root = new URL("../", import.meta.url);
const sources = new URL("backends/simd/assembly/", root);

/** The compiler, which is asked for when it is needed: where there is no registry, it cannot be had. */
const compiler = "npm:assemblyscript@0.28.20/asc";

/** What the compiler offers. */
interface Compiler {
  main(options: readonly string[], files: CompilerFiles): Promise<{ readonly error: Error | null }>;
}

interface CompilerFiles {
  readonly stderr: { write(text: string): void };
  readFile(name: string): string | null;
  writeFile(name: string, content: string | Uint8Array): void;
  listFiles(): string[];
}

/** The features that each build takes for granted. */
const features: Readonly<Record<KernelBuild, string>> = {
  relaxed: "simd,relaxed-simd",
  plain: "simd",
};

/** Both builds. */
export const kernelBuilds: readonly KernelBuild[] = ["relaxed", "plain"];

/** No runtime: the memory, its stack and its heap are TensorFlow.js's, of which the kernels are told addresses. */
const options = [
  ...["index.ts", "--outFile", "kernels.wasm", "-O2", "--noAssert", "--runtime", "stub"],
  ...["--importMemory", "--noExportMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
  ...["--disableWarning", "112"], // vectors between its own files
];

/** Where the module of a build is. */
export function builtKernels(build: KernelBuild): URL {
  return new URL(`backends/simd/built/${build}.ts`, root);
}

function readSource(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, sources));
  } catch {
    return null; // the compiler tries several names
  }
}

/** A binary, or why it could not be had. */
type Compiled = { readonly binary: Uint8Array } | { readonly reason: string };

/** The binary of a build. */
export function compileKernels(build: KernelBuild): Promise<Compiled> {
  return compileAssembly(build, readSource);
}

/**
 * The binary of some AssemblyScript, in the way of a build.
 *
 * @param readFile The text of a file; "index.ts" is what is compiled.
 */
export async function compileAssembly(
  build: KernelBuild,
  readFile: CompilerFiles["readFile"],
): Promise<Compiled> {
  let asc: Compiler;
  try {
    asc = await import(compiler);
  } catch (error) {
    return { reason: (error as Error).message.split("\n")[0]! };
  }
  let binary: Uint8Array | undefined, complaints = "";
  const { error } = await asc.main([...options, "--enable", features[build]], {
    stderr: { write: (text) => complaints += text },
    readFile,
    writeFile: (_, content) => binary = content as Uint8Array,
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`Cannot build the kernels: ${complaints.trim()}`, { cause: error });
  return { binary };
}

/** The text of a build's module. */
export function writeKernels(binary: Uint8Array): string {
  return `// Made by tools/build_kernels.ts of what is in assembly/: change that, and run "deno task kernels".

/** The binary in base 64. */
export const base64: string = "${binary.toBase64()}";
`;
}

if (import.meta.main) {
  for (const build of kernelBuilds) {
    const compiled = await compileKernels(build);
    if ("reason" in compiled) {
      throw new Error(`Cannot build the kernels without their compiler: ${compiled.reason}`);
    }
    await Deno.writeTextFile(builtKernels(build), writeKernels(compiled.binary));
    console.log(`${build}: ${compiled.binary.length} bytes`);
  }
}
