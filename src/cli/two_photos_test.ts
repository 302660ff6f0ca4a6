/** Models into which two photos go, from the command line. */
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { buildTwoPhotos, disposeWhole, writeModel } from "../testing/tiny_model.ts";
import { readNamedInput } from "./option.ts";
import { namesIn, runMain, withTempDir } from "./testing.ts";

const images = new URL("../../testdata/images/", import.meta.url).pathname;
const photo = `${images}plain.png`;
const second = `${images}palette.bmp`;

async function withTwoPhotos(use: (folder: string, options: string[]) => Promise<void>): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await withTempDir(async (folder) => {
    const model = buildTwoPhotos();
    await writeModel(model, folder);
    disposeWhole(model);
    await Deno.mkdir(`${folder}/out`);
    await use(folder, ["--model", `${folder}/model.json`, "--preprocess", "unit"]);
  });
}

Deno.test("explainCommand takes a photo for another input", async (t) => {
  await withTwoPhotos(async (folder, options) => {
    const model = await loadModel(`${folder}/model.json`, { preprocess: "unit" });
    const expected = async (photo: string) =>
      (await gradcam(model, photo, { inputs: { photo_b: second }, classIndex: 1 })).maps[0]!;
    const photos = [photo, `${images}plain.jpg`, `${images}grey.png`];
    const cases: readonly { name: string; photos: string[]; args: string[] }[] = [
      { name: "one photo", photos: [photo], args: [`photo_b=${second}`] },
      { name: "by URL", photos: [photo], args: [`photo_b=${new URL(`file://${second}`)}`] },
      { name: "several photos", photos, args: [`photo_b=${second}`] },
      { name: "workers", photos, args: [`photo_b=${second}`, "--jobs", "2"] },
    ];
    for (const { name, photos, args } of cases) {
      await t.step(name, async () => {
        const given = [
          ...options,
          "--layer",
          "features",
          "--class",
          "1",
          "--save",
          "json",
          "--out",
          `${folder}/out/`,
        ];
        const { code, stderr } = await leavingNoTensors(() =>
          runMain([...photos, ...given, "--inputs", ...args])
        );
        assertEquals([code, stderr.text], [0, ""]);
        for (const photo of photos) {
          const name = /\/(\w+)\.\w+$/.exec(photo)![1];
          const written = (await namesIn(`${folder}/out`)).find((file) => file.startsWith(name!))!;
          const { maps: [map] } = JSON.parse(await Deno.readTextFile(`${folder}/out/${written}`));
          if (name === "plain" && photos.length > 1) continue; // numbered, since there are two
          const { score, raw } = await expected(photo);
          assertAlmostEquals(map.score, score, 1e-6);
          raw.data.forEach((value, at) => assertAlmostEquals(map.raw.data[at], value, 1e-6));
        }
        for (const file of await namesIn(`${folder}/out`)) await Deno.remove(`${folder}/out/${file}`);
      });
    }
    model.dispose();
  });
});

Deno.test("explainCommand says in one line what is wrong with a photo for another input", async (t) => {
  await withTwoPhotos(async (folder, options) => {
    const numbers = Array.from({ length: 149 }, () => 0).join();
    await Deno.writeTextFile(`${folder}/junk.png`, "junk");
    const cases: readonly { args: string[]; code?: number; line: string }[] = [
      {
        args: [],
        line: 'name it with the option "input", and give the others photos (option "inputs", --inputs',
      },
      {
        args: ["--input", "photo_a"],
        line: 'Cannot run the model without its input "photo_b" [?, 5, 10, 3]: give a photo by name ' +
          '(option "inputs", --inputs photo_b=FILE',
      },
      { args: ["--inputs", "photo_b=none.png"], line: 'Cannot read "none.png": no such file' },
      { args: ["--inputs", `photo_b=${folder}/junk.png`], line: 'junk.png": it is no image' },
      {
        args: ["--inputs", `photo_c=${second}`],
        line: 'Cannot give values to input "photo_c": the inputs are',
      },
      { args: ["--inputs", `photo_b=${numbers}`], line: 'Cannot give 149 numbers to input "photo_b"' },
      {
        args: ["--inputs", `photo_b=${second}`, "--inputs", `photo_b=${photo}`],
        code: 2,
        line: 'Cannot use --inputs for "photo_b" twice',
      },
      {
        args: ["--inputs", `photo_b=${second}`, "--input-values", "photo_b=1"],
        code: 2,
        line: 'Cannot use --inputs for "photo_b" twice',
      },
      ...["photo_b", "photo_b=", `=${second}`].map((text) => ({
        args: ["--inputs", text],
        code: 2,
        line: `Cannot use --inputs "${text}": use NAME=FILE or NAME=NUMBERS`,
      })),
      { args: ["--inputs", "photo_b=-"], code: 2, line: "standard input is for the photo that is explained" },
      { args: ["--inputs", "photo_b=http://"], code: 2, line: "it is no URL" },
    ];
    for (const { args, code = 1, line } of cases) {
      await t.step(args.join(" ").slice(0, 60).replace(folder, "") || "nothing", async () => {
        const run = await leavingNoTensors(() =>
          runMain([photo, ...options, "--backend", "cpu", "--out", `${folder}/out/`, ...args])
        );
        assertEquals([run.code, run.stdout.text, run.stderr.lines.length], [code, "", 1], run.stderr.text);
        assertStringIncludes(run.stderr.text, line);
        assertEquals(await namesIn(`${folder}/out`), []);
      });
    }
    await t.step("it is not overwritten", async () => {
      const copy = `${folder}/second.png`;
      await Deno.copyFile(photo, copy);
      const { code, stderr } = await runMain([
        photo,
        ...options,
        "--inputs",
        `photo_b=${copy}`,
        "--out",
        copy,
      ]);
      assertEquals(code, 1);
      assertStringIncludes(stderr.text, "it is one of the photos");
      assertEquals(await Deno.readFile(copy), await Deno.readFile(photo));
    });
  });
});

Deno.test("readNamedInput() tells numbers from files", () => {
  const cases: readonly (readonly [string, ReturnType<typeof readNamedInput>])[] = [
    ["age=0.4", ["age", [0.4]]],
    ["box=1, 2,-3", ["box", [1, 2, -3]]],
    ["after=after.jpg", ["after", "after.jpg"]],
    ["after=https://example.com/a?b=c", ["after", "https://example.com/a?b=c"]],
    ["after=./5", ["after", "./5"]],
    ["after=1,b.jpg", ["after", "1,b.jpg"]],
    ["after=", undefined],
    ["=a.jpg", undefined],
    ["after", undefined],
  ];
  for (const [text, expected] of cases) assertEquals(readNamedInput(text), expected);
});

Deno.test("layersCommand and inspectCommand say which inputs are pictures", async () => {
  await withTwoPhotos(async (folder) => {
    const run = async (...args: string[]) =>
      await leavingNoTensors(() => runMain([...args.slice(0, 1), `${folder}/model.json`, ...args.slice(1)]));
    const inspected = await run("inspect", "--backend", "cpu");
    assertMatch(
      inspected.stdout.text,
      /^input +photo_b \[any, 5, 10, 3\]: a picture, explained with --input photo_b, else given with --inputs photo_b=FILE$/m,
    );
    const listed = await run("layers");
    assertMatch(
      listed.stderr.text,
      /^note: The inputs are photo_a \[any, 8, 6, 3\]: a picture, .*; photo_b /,
    );
    for (const command of ["layers", "inspect"]) {
      const { stdout } = await run(command, "--json");
      const inputs: { name: string; picture: boolean }[] = JSON.parse(stdout.text).inputs;
      assertEquals(inputs.map(({ name, picture }) => [name, picture]), [["photo_a", true], [
        "photo_b",
        true,
      ]]);
    }
    assert(!(await run("layers", "--json")).stderr.text.includes("note"));
  });
});
