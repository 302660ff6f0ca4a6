/** What colours maps runs in browsers too: it must bring nothing along that does not. */
import { assert, assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

/** What a page is made of. */
const entries = [
  "overlay.ts",
  "map_rows.ts",
  "contour.ts",
  "opacity.ts",
  "color_bar.ts",
  "colormaps/mod.ts",
];

interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly { readonly code?: { readonly specifier: string } }[];
}

/** The modules that a module brings along when it runs, itself among them; types are gone by then. */
async function modulesOf(entry: URL): Promise<string[]> {
  const args = ["info", "--json", "--no-lock", entry.href];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: root, stderr: "null" }).output();
  const modules: readonly ModuleInfo[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
  const found = new Set([entry.href]);
  for (const specifier of found) { // it grows meanwhile
    const { dependencies = [] } = modules.find((module) => module.specifier === specifier) ?? {};
    for (const { code } of dependencies) if (code) found.add(code.specifier);
  }
  return [...found];
}

Deno.test("what colours maps brings along src/base, src/regions and src/draw alone, and little of them", async (t) => {
  for (const entry of entries) {
    await t.step(entry, async () => {
      const modules = await modulesOf(new URL(`src/draw/${entry}`, root));
      const paths = modules.map((specifier) => specifier.replace(root.href, ""));
      assertEquals(paths.filter((path) => !/^src\/(base|regions|draw)\/[\w/]+\.ts$/.test(path)), []);
      const texts = await Promise.all(modules.map((specifier) => Deno.readTextFile(new URL(specifier))));
      const bytes = texts.reduce((sum, text) => sum + text.length, 0);
      assert(bytes < 70_000, `${paths.join(", ")} have ${bytes} characters`);
      for (const text of texts) assertEquals(/\bDeno\.|\bnpm:|\bjsr:|import\(/.exec(text), null);
    });
  }
  await t.step("unlike what draws text and pictures' files, which shows that the test can fail", async () => {
    const modules = await modulesOf(new URL("src/draw/renderings/mod.ts", root));
    assert(modules.some((specifier) => specifier.includes("/src/input/")));
  });
});
