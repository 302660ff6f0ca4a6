/** Names that are far too long, and of what breaks lines, on the command line. */
import { assert, assertEquals } from "@std/assert";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { runMain, withTempDir } from "./testing.ts";

const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;
const long = "tiger\ncat ".repeat(10_000);

Deno.test("the tool says in one short line what it does not know of a name of 100 kB", async (t) => {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const known = [photo, "--model", model, "--backend", "cpu", "--preprocess", "unit", "--save", "none"];
    const cases: readonly (readonly [what: string, args: readonly string[]])[] = [
      ["class", [...known, "--class", long]],
      ["layer", [...known, "--layer", long]],
      ["option", [photo, `--${long}`]],
      ["letters", [photo, `-q${long}`]],
      ["value", [photo, "--colormap", long]],
      ["fit", [...known, "--fit", long]],
      ["preprocess", [photo, "--model", model, "--preprocess", long]],
      ["range", [...known, "--range", long]],
      ["list", [photo, "--save", long]],
      ["out", [photo, "--out", `${long}.gif`]],
      ["folder", [photo, "--out", `${long}/`]],
      ["model", [photo, "--model", long]],
      ["labels", [...known, "--labels", long]],
      ["inputs", [...known, "--inputs", `${long}=1`]],
      ["inputs twice", [...known, "--inputs", `${long}=1`, "--inputs", `${long}=2`]],
      ["argument", ["doctor", long]],
      ["command", ["help", long]],
      ["word", ["tiger".repeat(20_000)]],
      ["photo", [`${long}.png`]],
    ];
    for (const [what, args] of cases) {
      await t.step(what, async () => {
        const start = performance.now();
        const { code, stderr } = await runMain(args);
        assert(code === 1 || code === 2, `${code}`);
        assertEquals(stderr.lines.length, 1, stderr.text.slice(0, 1000));
        assert(stderr.text.length < 500, `${stderr.text.length}: ${stderr.text.slice(0, 1000)}`);
        // deno-lint-ignore no-control-regex -- none may be left
        assert(!/[\x00-\x09\x0b-\x1f]/.test(stderr.text), stderr.text);
        const ms = performance.now() - start;
        assert(ms < 2000, `${ms} ms`); // a few on a quiet machine
      });
    }
  });
});
