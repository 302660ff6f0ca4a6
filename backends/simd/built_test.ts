/** The modules that hold the kernels are made of their sources. */
import { assert, assertEquals } from "@std/assert";
import { builtKernels, compileKernels, kernelBuilds, writeKernels } from "../../tools/build_kernels.ts";
import { readBuild } from "./load.ts";

Deno.test("built/ is what tools/build_kernels.ts makes of the kernels' sources", async (t) => {
  for (const build of kernelBuilds) {
    const compiled = await compileKernels(build);
    if ("reason" in compiled) {
      await t.step({ name: `${build} skipped: no compiler: ${compiled.reason}`, ignore: true, fn: () => {} });
      continue;
    }
    const isSame = writeKernels(compiled.binary) === await Deno.readTextFile(builtKernels(build));
    assert(isSame, `The sources of the kernels, ${build} SIMD, have changed: run "deno task kernels"`);
  }
});

/** The numbers of a WebAssembly module's sections, in order. */
function sectionsOf(binary: Uint8Array): number[] {
  const sections: number[] = [];
  for (let at = 8; at < binary.length;) {
    sections.push(binary[at++]!);
    let size = 0;
    for (let shift = 0;; shift += 7) {
      const byte = binary[at++]!;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return sections;
}

const dataSection = 11;

Deno.test("the kernels are small, and bring nothing of their own into the memory that they compute on", async () => {
  for (const build of kernelBuilds) {
    const binary = await readBuild(build);
    assert(binary.length < 40_000, `${binary.length} bytes`);
    assert(!sectionsOf(binary).includes(dataSection), "There is data, which would lie on TensorFlow.js's");
    const module = new WebAssembly.Module(binary);
    assertEquals(WebAssembly.Module.imports(module), [{ module: "env", name: "memory", kind: "memory" }]);
    assert(WebAssembly.Module.exports(module).every(({ kind }) => kind === "function"));
  }
});
