import { assert, assertEquals } from "@std/assert";
import { builtPixels, compilePixels } from "../../../../tools/build_pixels.ts";

Deno.test("the binary is made of what is in assembly/", async () => {
  const compiled = await compilePixels();
  if ("reason" in compiled) {
    // The compiler comes from npm, which may be out of reach.
    assert(!/\bERROR\b/.test(compiled.reason), compiled.reason); // of the sources
    return console.warn(`not compared: the compiler cannot be had: ${compiled.reason.split("\n").at(-1)}`);
  }
  assertEquals(await Deno.readTextFile(builtPixels), compiled.text, 'run "deno task pixels:build"');
});
