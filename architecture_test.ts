/**
 * Holds the code to what ARCHITECTURE.md says of its rooms.
 */
import { assert, assertEquals } from "@std/assert";

const root = new URL("./", import.meta.url);

/** The rooms of ARCHITECTURE.md's table, the lowest first. */
async function readRooms(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("ARCHITECTURE.md", root));
  const table = text.slice(text.indexOf("## Rooms"), text.indexOf("## Beside the rooms"));
  return [...table.matchAll(/^\| `([a-z/]+\/)` /gm)].map(([_, room]) => room!);
}

/** All modules that are published, by their path in the checkout. */
async function modulesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder || ".", root))) {
    if (isDirectory) found.push(...await modulesOf(`${folder}${name}/`));
    else if (/\.tsx?$/.test(name) && !/_test\.ts$|^testing\.ts$|\.d\.ts$/.test(name)) {
      found.push(folder + name);
    }
  }
  return found;
}

/** What a module imports of the checkout, types too. */
function importsOf(text: string, path: string): string[] {
  const specifiers = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g);
  const base = new URL(path, root);
  return [...specifiers].map(([_, specifier]) => new URL(specifier!, base).href.slice(root.href.length));
}

async function readImports(rooms: readonly string[]): Promise<Map<string, string[]>> {
  const inRooms = await Promise.all(rooms.map(modulesOf));
  const modules = [...inRooms.flat(), "mod.ts", "cli.ts", "serve.ts"];
  const texts = await Promise.all(modules.map((path) => Deno.readTextFile(new URL(path, root))));
  return new Map(modules.map((path, index) => [path, importsOf(texts[index]!, path)]));
}

/** The modules of a circle of imports, if there is one. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  function visit(path: string, way: readonly string[]): string[] | undefined {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of imports.get(path) ?? []) {
      const circle = visit(next, [...way, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  }
  for (const path of imports.keys()) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}

const rooms = await readRooms();
const imports = await readImports(rooms);
const floorOf = (path: string) => rooms.findIndex((room) => path.startsWith(room));

Deno.test("findCircle() finds a circle, and none where there is none", () => {
  assertEquals(findCircle(new Map([["a", ["b", "c"]], ["b", ["c"]], ["c", []]])), undefined);
  assertEquals(findCircle(new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]])), ["b", "c", "b"]);
});

Deno.test("every folder of src/ is a room of ARCHITECTURE.md, and holds all modules", async () => {
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL("src/", root))) {
    assert(isDirectory, `src/${name} stands in no room`);
    if (name !== "testing") folders.push(`src/${name}/`);
  }
  assertEquals(rooms.filter((room) => room.startsWith("src/")).sort(), folders.sort());
  assert(imports.size > 200, "The walk has found the modules");
});

Deno.test("no modules import each other in a circle", () => {
  assertEquals(findCircle(imports), undefined);
});

Deno.test("a room imports the rooms below it alone", () => {
  const wrong = [...imports].flatMap(([path, targets]) =>
    targets.filter((target) => floorOf(path) >= 0 && (floorOf(target) < 0 || floorOf(target) > floorOf(path)))
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(wrong, []);
});

Deno.test("only the platform, the backends and the command line tool know Deno", async () => {
  const knowing = ["src/platform/", "backends/", "src/cli/"];
  for (const path of imports.keys()) {
    if (knowing.some((room) => path.startsWith(room)) || floorOf(path) < 0) continue;
    const code = (await Deno.readTextFile(new URL(path, root))).replaceAll(/^\s*\*.*$/gm, "");
    assertEquals(/(?<!globalThis\.|")\bDeno\./.exec(code)?.[0], undefined, `${path} asks Deno itself`);
  }
});

Deno.test("only backends/ touches TensorFlow.js's engine", async () => {
  for (const path of imports.keys()) {
    if (path.startsWith("backends/")) continue;
    const code = await Deno.readTextFile(new URL(path, root));
    const call = /tf\.(setBackend|registerBackend|registerKernel|registerGradient|engine|env)\(/.exec(code);
    assertEquals(call?.[0], undefined, `${path} touches the engine`);
  }
});
