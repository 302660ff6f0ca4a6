/**
 * Build our own kernels: `backends/simd/assembly/`, which is AssemblyScript, becomes two small WebAssembly modules, with
 * relaxed SIMD and without, each in base 64 in a module of its own, which is imported with no permission.
 *
 *     deno task kernels
 */
import type { KernelBuild } from "../backends/simd/kernels.ts";

const root = new URL("../", import.meta.url);
const source = new URL("backends/simd/assembly/index.ts", root);

/** The compiler. */
const compiler = "npm:assemblyscript@0.28.20/asc";

/** The features that each build takes for granted. */
const features: Readonly<Record<KernelBuild, string>> = {
  relaxed: "simd,relaxed-simd",
  plain: "simd",
};

/** Both builds. */
export const kernelBuilds: readonly KernelBuild[] = ["relaxed", "plain"];

/** No runtime: the memory, its stack and its heap are TensorFlow.js's, of which the kernels are told addresses. */
const options = [
  ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--disableWarning", "112"],
  ...["--importMemory", "--noExportMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
];

/** Where the module of a build is. */
export function builtKernels(build: KernelBuild): URL {
  return new URL(`backends/simd/built/${build}.ts`, root);
}

/** The binary of a build, or why it could not be had. */
export async function compileKernels(
  build: KernelBuild,
): Promise<{ binary: Uint8Array } | { reason: string }> {
  const folder = await Deno.makeTempDir();
  const out = `${folder}/kernels.wasm`;
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--no-lock",
        "--no-config",
        compiler,
        source.pathname,
        ...options,
        "--enable",
        features[build],
        "--outFile",
        out,
      ],
      cwd: root.pathname,
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) return { reason: new TextDecoder().decode(stderr).trim() };
    return { binary: await Deno.readFile(out) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
    if ("reason" in compiled) throw new Error(`Cannot build the kernels: ${compiled.reason}`);
    await Deno.writeTextFile(builtKernels(build), writeKernels(compiled.binary));
    console.log(`${build}: ${compiled.binary.length} bytes`);
  }
}
