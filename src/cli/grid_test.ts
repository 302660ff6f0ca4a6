/** `--columns`: the overlays of many photos in one picture. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { main } from "./main.ts";
import { fakeIo, namesIn, runMain, withTempDir } from "./testing.ts";

const images = new URL("images/", testdata);

/** Do something with a folder of three photos and one that is none, and the arguments that name a model. */
async function withPhotos(
  use: (photos: string, args: string[], folder: string) => Promise<void>,
  names: readonly string[] = ["a.png", "b.png", "c.png"],
): Promise<void> {
  await withTempDir(async (folder) => {
    const photos = `${folder}/photos`;
    await Deno.mkdir(photos);
    for (const name of names) await Deno.copyFile(new URL("plain.png", images), `${photos}/${name}`);
    const model = await writeTinyModel(folder);
    const args = ["--model", model, "--preprocess", "unit", "--backend", "cpu"];
    await leavingNoTensors(() => use(photos, args, folder));
  });
}

Deno.test("--columns draws all photos in one picture, and nothing else", () =>
  withPhotos(async (photos, args, folder) => {
    await Deno.writeTextFile(`${photos}/broken.png`, "no picture");
    const { code, stdout, stderr } = await runMain([
      photos,
      "--columns",
      "2",
      ...args,
      "--out",
      `${folder}/out/`,
    ]);
    assertEquals([code, stderr.lines.length, stdout.lines.length], [1, 1, 4]);
    assertEquals(stdout.lines.at(-1), `grid of 4 → ${folder}/out/grid.gradcam.png`);
    assert(stdout.lines.every((line) => line.startsWith("grid") || !line.includes("→")), stdout.text);
    assertEquals(await namesIn(`${folder}/out`), ["grid.gradcam.png"]);
    const grid = await decodeImage(await Deno.readFile(`${folder}/out/grid.gradcam.png`));
    assertEquals(grid.width, 2 * (320 + 14) + 14);

    const several = [photos, "--columns", "2", ...args, "--out", `${folder}/sheet.png`, "--jobs", "2"];
    assertEquals((await runMain(several)).code, 1);
    const [one, two] = [`${folder}/out/grid.gradcam.png`, `${folder}/sheet.png`].map((path) =>
      Deno.readFile(path)
    );
    assertEquals(await two, await one); // workers draw the same
  }));

Deno.test("--columns stands beside what --save names, and tells of itself in JSON", () =>
  withPhotos(async (photos, args, folder) => {
    const out = `${folder}/out`;
    const given = [
      photos,
      "--columns",
      "9",
      "--top",
      "2",
      "--save",
      "panel",
      "--format",
      "jpeg",
      "--json",
      ...args,
    ];
    const { code, stdout, stderr } = await runMain([...given, "--out", `${out}/`]);
    assertEquals([code, stderr.text], [0, ""]);
    const lines = stdout.lines.map((line) => JSON.parse(line));
    assertEquals(lines.map(({ source, grid }) => source?.split("/").at(-1) ?? grid), [
      "a.png",
      "b.png",
      "grid.png",
      `${out}/grid-2.gradcam.jpg`,
    ]);
    assertEquals(lines.at(-1).pictures, 6);
    assertEquals(await namesIn(out), ["a.panel.jpg", "b.panel.jpg", "grid-2.gradcam.jpg", "grid.panel.jpg"]);
  }, ["a.png", "b.png", "grid.png"]));

Deno.test("--columns goes on in further sheets", () =>
  withPhotos(async (photos, args, folder) => {
    const many = Array.from({ length: 28 }, () => `${photos}/a.png`);
    const out = `${folder}/sheet.png`;
    const { code, stdout } = await runMain([...many, "--columns", "1", "--top", "2", ...args, "--out", out]);
    assertEquals(code, 0);
    assertEquals(stdout.lines.filter((line) => line.startsWith("grid")), [
      `grid of 54 → ${out}`,
      `grid of 2 → ${folder}/sheet-2.png`,
    ]);
    const piped = await runMain([...many, "--columns", "1", "--top", "2", ...args, "--out", "-"]);
    assertEquals([piped.code, piped.stdout.text], [2, ""]);
    assertMatch(piped.stderr.text, /the grid needs 2 pictures: name a folder/);
  }));

Deno.test("--columns writes to standard output, and no half of it when interrupted", () =>
  withPhotos(async (photos, args, folder) => {
    const { code, stdout, stderr } = await runMain([photos, "--columns", "3", ...args, "--out", "-"]);
    assertEquals([code, stderr.lines.length], [0, 4]);
    assertEquals((await decodeImage(stdout.bytes)).width, 3 * 334 + 14);
    const io = fakeIo();
    const { write } = io.stdout;
    io.stdout.write = async (data) => {
      await write.call(io.stdout, data);
      io.interruption.abort(); // after the first photo
    };
    const out = `${folder}/out/`;
    assertEquals(await main([photos, "--columns", "3", ...args, "--out", out], io), 130);
    assertEquals([io.stdout.lines.length, await namesIn(out).catch(() => [])], [1, []]);
  }));

Deno.test("--columns is refused where it makes no sense", async (t) => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--columns", "0"], /--columns/],
    [["--columns", "2.5"], /--columns/],
    [
      ["--columns", "2", "--skip-existing"],
      /Cannot use --skip-existing with --columns: a grid is of all photos/,
    ],
    [["--columns", "2", "--out", "x.json"], /Cannot use --out "x.json"/],
    [["--columns", "2", "--out", "x.png", "--save", "overlay"], /there are 2 things to save: name a folder/],
    [["--save", "components"], /Cannot save components of gradcam: use --method deepfeaturefactorization/],
  ];
  for (const [args, message] of cases) {
    await t.step(args.join(" "), async () => {
      const { code, stderr } = await runMain(["a.jpg", ...args]);
      assertEquals([code, stderr.lines.length], [2, 1]);
      assertMatch(stderr.text, message);
    });
  }
});

Deno.test("--columns overwrites no photo", () =>
  withPhotos(async (photos, args) => {
    const { code, stderr } = await runMain([photos, "--columns", "2", ...args, "--out", `${photos}/a.png`]);
    assertEquals(code, 1);
    assertMatch(stderr.text, /it is one of the photos/);
  }));
