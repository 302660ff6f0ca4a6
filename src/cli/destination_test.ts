import { assertEquals, assertRejects } from "@std/assert";
import { OutputError } from "../base/errors.ts";
import type { PictureFormat } from "../draw/encodings/mod.ts";
import { type Rendering, renderings } from "../draw/renderings/mod.ts";
import { chooseDestination, pathIn } from "./destination.ts";
import { UsageError } from "./usage_error.ts";
import { prepareFolder } from "./writable.ts";

function kindsOf(...names: string[]): Rendering[] {
  return renderings.filter(({ name }) => names.includes(name));
}

Deno.test("chooseDestination() understands --out", async (t) => {
  const folder = await Deno.makeTempDir();
  const single = { kinds: kindsOf("overlay"), photos: 1, maps: 1 };
  const cases: {
    out: string | undefined;
    kinds?: Rendering[];
    format?: PictureFormat;
    photos?: number;
    maps?: number;
    result: unknown;
  }[] = [
    { out: undefined, result: { kind: "folder", path: "" } },
    { out: "-", result: { kind: "stdout" } },
    { out: "maps/", result: { kind: "folder", path: "maps/" } },
    { out: "maps", result: { kind: "folder", path: "maps" } },
    { out: "map.png/", result: { kind: "folder", path: "map.png/" } },
    { out: folder, photos: 9, result: { kind: "folder", path: folder } },
    { out: "x/map.PNG", result: { kind: "file", path: "x/map.PNG" } },
    { out: "map.json", kinds: kindsOf("json"), maps: 3, result: { kind: "file", path: "map.json" } },
    { out: "map.png", photos: 2, result: "there are 2 things to save" },
    { out: "map.png", maps: 2, result: "there are 2 things to save" },
    { out: "-", kinds: kindsOf("overlay", "json"), result: "there are 2 things to save" },
    { out: "-", kinds: [], result: "there is nothing to save" },
    { out: "map.npy", result: "use a name that ends in .png" },
    { out: "map.jpg", result: { kind: "file", path: "map.jpg" } },
    { out: "map.JPEG", format: "jpeg", result: { kind: "file", path: "map.JPEG" } },
    { out: "map.webp", kinds: kindsOf("panel"), result: { kind: "file", path: "map.webp" } },
    {
      out: "map.jpg",
      format: "webp",
      result: 'Cannot use --out "map.jpg" for webp: use a name that ends in .webp',
    },
    { out: "map.npy", format: "jpeg", result: "for overlay: use a name that ends in .jpg, .jpeg" },
    {
      out: "map.gif",
      result: "use a folder, or a name that ends in .png, .jpg, .jpeg, .webp, .npy, .json",
    },
  ];
  for (const { out, result, ...request } of cases) {
    await t.step(`${out} ${JSON.stringify(request).slice(0, 30)}`, async () => {
      const chosen = chooseDestination({ out, ...single, ...request });
      if (typeof result === "string") await assertRejects(() => chosen, UsageError, result);
      else assertEquals(await chosen as unknown, result);
    });
  }
  await Deno.remove(folder);
});

Deno.test("pathIn() joins a folder and a name", () => {
  const cases = [["", "a"], ["x", "x/a"], ["x/", "x/a"], ["/", "/a"], ["x/y//", "x/y/a"], [
    ".",
    "./a",
  ]] as const;
  for (const [folder, path] of cases) assertEquals(pathIn(folder, "a"), path);
});

Deno.test("prepareFolder() makes folders, and removes what it made where nothing came of it", async (t) => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/file`, "");
  const namesIn = async (folder: string) =>
    (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  try {
    await t.step("an existing folder stays, without the probe", async () => {
      const prepared = await prepareFolder({ kind: "folder", path: root });
      assertEquals(await namesIn(root), ["file"]);
      await prepared.removeIfUnused();
      assertEquals(await namesIn(root), ["file"]);
    });
    await t.step("an empty folder that was there stays", async () => {
      await Deno.mkdir(`${root}/mine`);
      await (await prepareFolder({ kind: "folder", path: `${root}/mine/` })).removeIfUnused();
      assertEquals(await namesIn(`${root}/mine`), []);
    });
    await t.step("made, with those above it, and used", async () => {
      const prepared = await prepareFolder({ kind: "folder", path: `${root}/a/b/` });
      await Deno.writeTextFile(`${root}/a/b/result`, "");
      await prepared.removeIfUnused();
      assertEquals(await namesIn(`${root}/a/b`), ["result"]);
    });
    await t.step("made and not used", async () => {
      const prepared = await prepareFolder({ kind: "folder", path: `${root}/unused/` });
      assertEquals(await namesIn(`${root}/unused`), []);
      await prepared.removeIfUnused();
      assertEquals((await namesIn(root)).includes("unused"), false);
    });
    const refusals: [destination: Parameters<typeof prepareFolder>[0], message: string][] = [
      [{ kind: "folder", path: `${root}/none` }, "no such folder: end its name with / to have it made"],
      [{ kind: "file", path: `${root}/none/map.png` }, "no such folder"],
      [{ kind: "folder", path: `${root}/file/` }, "it is no folder"],
      [{ kind: "file", path: `${root}/file/map.png` }, "it is no folder"],
    ];
    for (const [destination, message] of refusals) {
      await t.step(
        message,
        () => assertRejects(() => prepareFolder(destination), OutputError, message).then(() => {}),
      );
    }
    await t.step("standard output", async () => {
      await (await prepareFolder({ kind: "stdout" })).removeIfUnused();
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
