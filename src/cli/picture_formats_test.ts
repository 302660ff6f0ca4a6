/** Pictures as JPEG and WebP, and of a limited size, from the command line. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { namesIn, runMain, withTempDir } from "./testing.ts";

/** 40 wide and 26 high. */
const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;

async function withModel(run: (options: string[], out: string) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    await Deno.mkdir(`${folder}/out`);
    await run(["--model", model, "--preprocess", "unit", "--backend", "cpu"], `${folder}/out`);
  });
}

Deno.test("explainCommand writes pictures in the format that is asked for", async (t) => {
  const cases: { args: string[]; out?: string; files: Record<string, string> }[] = [
    { args: ["--format", "jpeg"], files: { "plain.gradcam.jpg": "jpeg" } },
    { args: ["--format", "webp", "--quality", "50"], files: { "plain.gradcam.webp": "webp" } },
    { args: ["--format", "png"], files: { "plain.gradcam.png": "png" } },
    {
      args: ["--format", "jpeg", "--save", "overlay,panel"],
      files: { "plain.overlay.jpg": "jpeg", "plain.panel.jpg": "jpeg" },
    },
    {
      args: ["--format", "webp", "--top", "2"],
      files: { "plain.0_ant.gradcam.webp": "webp", "plain.1_bee.gradcam.webp": "webp" },
    },
    { args: [], out: "map.jpg", files: { "map.jpg": "jpeg" } },
    { args: ["--quality", "20"], out: "map.JPEG", files: { "map.JPEG": "jpeg" } },
    { args: ["--save", "panel"], out: "map.webp", files: { "map.webp": "webp" } },
    { args: ["--jobs", "2", "--format", "jpeg"], files: { "plain.gradcam.jpg": "jpeg" } },
  ];
  for (const { args, out: name = "", files } of cases) {
    await t.step(`${args.join(" ")} ${name}`, () =>
      withModel(async (options, out) => {
        const run = () => runMain([photo, ...args, ...options, "--out", `${out}/${name}`]);
        const { code, stderr } = await leavingNoTensors(run);
        assertEquals([code, stderr.text], [0, ""]);
        assertEquals(await namesIn(out), Object.keys(files));
        for (const [file, format] of Object.entries(files)) {
          const picture = await decodeImage(await Deno.readFile(`${out}/${file}`));
          assertEquals(picture.format, format, file);
        }
      }));
  }
  await t.step("on standard output", () =>
    withModel(async (options) => {
      const { code, stdout } = await runMain([
        photo,
        ...options,
        "--out",
        "-",
        "--format",
        "webp",
        "--quiet",
      ]);
      const { format, height, width } = await decodeImage(stdout.bytes);
      assertEquals([code, format, height, width], [0, "webp", 182, 280]);
    }));
  await t.step("beside data, which have none", () =>
    withModel(async (options, out) => {
      const args = ["--save", "json,npy,heatmap", "--format", "jpeg", "--out", `${out}/`];
      assertEquals((await runMain([photo, ...args, ...options])).code, 0);
      const files = ["plain.gradcam.json", "plain.gradcam.npy", "plain.heatmap.jpg"];
      assertEquals(await namesIn(out), files);
    }));
});

Deno.test("--skip-existing looks for pictures of the format that is asked for", () =>
  withModel(async (options, out) => {
    const args = [photo, ...options, "--out", `${out}/`, "--skip-existing"];
    assertEquals((await runMain([...args, "--format", "jpeg"])).stdout.lines.length, 1);
    assertEquals((await runMain([...args, "--format", "jpeg"])).stdout.lines.length, 0);
    assertEquals((await runMain(args)).stdout.lines.length, 1);
    assertEquals(await namesIn(out), ["plain.gradcam.jpg", "plain.gradcam.png"]);
  }));

Deno.test("explainCommand reduces large photos where it is told to", () =>
  withModel(async (options, out) => {
    const sizes = [];
    for (const side of ["39", "20", "100"]) {
      const args = ["--max-side", side, "--out", `${out}/`, "--save", "heatmap"];
      const { code, stderr } = await runMain([photo, ...args, ...options]);
      assertEquals([code, stderr.text], [0, ""]);
      const { height, width } = await decodeImage(await Deno.readFile(`${out}/plain.heatmap.png`));
      sizes.push([height, width]);
    }
    assertEquals(sizes, [[25, 39], [13, 20], [52, 80]]);
  }));

Deno.test("explainCommand says what does not go together with a format", async (t) => {
  const cases: readonly (readonly [args: string[], line: string])[] = [
    [["--format", "jpg"], 'Cannot use --format "jpg": use one of jpeg, png, webp'],
    [["--quality", "0"], 'Cannot use --quality "0": use a number from 1 to 100'],
    [["--quality", "80"], "Cannot write a PNG with quality 80: it keeps every pixel: use jpeg or webp"],
    [["--quality", "80", "--out", "x.png"], "Cannot write a PNG with quality 80"],
    [
      ["--out", "x.jpg", "--format", "webp"],
      'Cannot use --out "x.jpg" for webp: use a name that ends in .webp',
    ],
    [["--out", "x.gif"], "use a folder, or a name that ends in .png, .jpg, .jpeg, .webp, .npy, .json"],
    [["--max-side", "0"], 'Cannot use --max-side "0": use a whole number from 1 up'],
    [["--max-side", "10", "--min-side", "20"], "Cannot draw with minSide 20 and maxSide 10: use 10 at most"],
  ];
  for (const [args, line] of cases) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await runMain([photo, ...args]);
      assertEquals([code, stdout.text, stderr.lines.length], [2, "", 1], stderr.text);
      assertStringIncludes(stderr.text, line);
    });
  }
});

Deno.test("the help names formats, qualities and sides", async () => {
  const { stdout } = await runMain(["--help"]);
  assertMatch(stdout.text, /--format NAME\s[^:]*:[^:]*: png, jpeg, webp/);
  for (const option of ["--quality Q", "--max-side N"]) assert(stdout.text.includes(option), option);
});
