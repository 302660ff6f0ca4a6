/** Vision transformers from the command line: their layers, and how their tokens are laid out. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { testdata } from "../testing/mod.ts";
import { runMain, withTempDir } from "./testing.ts";

const model = new URL("transformers/vit.keras", testdata).pathname;
const photo = new URL("images/plain.png", testdata).pathname;
const given = ["--model", model, "--preprocess", "unit", "--backend", "cpu"];

Deno.test("layersCommand lists the grids of tokens", async () => {
  const { code, stdout } = await runMain(["layers", model]);
  assertEquals(code, 0);
  const rows = stdout.lines.map((line) => line.trim().split(/\s{2,}/));
  const mapOf = (path: string) => rows.find(([name]) => name === path)?.at(-1);
  assertEquals([mapOf("block_0"), mapOf("block_1"), mapOf("patches")], ["3 × 4", "default, 3 × 4", "yes"]);
});

Deno.test("explainCommand lays tokens out, and reads attention", () =>
  withTempDir(async (folder) => {
    const explain = async (...args: string[]) => {
      const out = `${folder}/${args.join("")}.json`;
      const { code, stderr } = await runMain([photo, ...given, "--save", "json", "--out", out, ...args]);
      return { code, stderr: stderr.text, read: async () => JSON.parse(await Deno.readTextFile(out)) };
    };
    const usual = await (await explain()).read();
    assertEquals([usual.layer, usual.maps[0].raw.height, usual.maps[0].raw.width], ["block_1", 3, 4]);
    const told = await (await explain("--grid", "2x6", "--tokens", "1")).read();
    assertEquals([told.maps[0].raw.height, told.maps[0].raw.width], [2, 6]);
    const attention = await (await explain("--method", "rollout,legrad")).read();
    assertEquals(attention.maps.map(({ method }: { method: string }) => method), ["rollout", "legrad"]);
    const wrong = await explain("--grid", "12");
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /--grid.*rows and columns such as 14x14/);
    const large = await explain("--grid", "9x9");
    assert(large.code !== 0);
    assertMatch(large.stderr, /Cannot lay tokens on a grid of 9x9: the layers give 12, 15 of them/);
  }));

Deno.test("explainCommand says in one line that a model has no attention", async () => {
  const { code, stderr } = await runMain([
    photo,
    "--method",
    "rollout",
    "--backend",
    "cpu",
    "--save",
    "none",
  ]);
  assertEquals(code, 1);
  const errors = stderr.lines.filter((line) => line.includes("Cannot explain by rollout"));
  assertEquals(errors.length, 1, stderr.text);
});
