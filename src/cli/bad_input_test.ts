import { assertEquals, assertStringIncludes } from "@std/assert";
import { leavingNoTensors } from "../testing/mod.ts";
import { namesIn, runMain, withTempDir } from "./testing.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";

const photo = new URL("../../testdata/images/plain.png", import.meta.url).pathname;
const jpeg = new URL("../../testdata/images/plain.jpg", import.meta.url);

/** A PNG's chunk with its checksum. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  let crc = ~0;
  for (const byte of bytes.subarray(4, -4)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  view.setUint32(data.length + 8, ~crc);
  return bytes;
}

/** A small PNG that claims to be 60,000 × 60,000 pixels, 8-bit grey. */
function hugePng(): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, 60_000);
  header.setUint32(4, 60_000);
  header.setUint8(8, 8);
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const data = chunk("IDAT", new Uint8Array(900));
  const parts = [chunk("IHDR", new Uint8Array(header.buffer)), data, chunk("IEND", new Uint8Array())];
  return Uint8Array.from([...signature, ...parts.flatMap((part) => [...part])]);
}

/** Bad files of all sorts, and models of which only `good/model.json` can be explained. */
async function writeFiles(folder: string): Promise<void> {
  const bytes = await Deno.readFile(photo);
  const files: Record<string, Uint8Array | string> = {
    "empty.png": "",
    "truncated.png": bytes.subarray(0, bytes.length >> 1),
    "truncated.jpg": (await Deno.readFile(jpeg)).subarray(0, 850),
    "junk.png": Uint8Array.from({ length: 999 }, (_, index) => index * 37),
    "renamed.jpg": "%PDF-1.7\n%äöü\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "page.png": "<!DOCTYPE html><html><body>Not found</body></html>",
    "huge.png": hugePng(),
    "labels.txt": "ant\nbee\n",
    "notes": "text",
  };
  for (const [name, content] of Object.entries(files)) {
    await (typeof content === "string" ? Deno.writeTextFile : Deno.writeFile)(
      `${folder}/${name}`,
      content as never,
    );
  }
  for (const name of ["good", "shardless", "short", "cut", "flat"]) await Deno.mkdir(`${folder}/${name}`);
  await writeTinyModel(`${folder}/good`);
  await writeTinyModel(`${folder}/flat`, { spatial: false });
  await writeTinyModel(`${folder}/short`, { weightBytes: 100 });
  await Deno.remove(
    await writeTinyModel(`${folder}/shardless`).then(() => `${folder}/shardless/weights.bin`),
  );
  const json = await Deno.readTextFile(await writeTinyModel(`${folder}/cut`));
  await Deno.writeTextFile(`${folder}/cut/model.json`, json.slice(0, json.length >> 1));
}

/** What is run in the folder of {@linkcode writeFiles}, with the exit code and a part of the one line. */
const cases: { name: string; args: (at: string) => string[]; code?: number; line: string }[] = [
  { name: "no such file", args: (at) => [`${at}/none.png`], line: 'none.png": no such file' },
  { name: "an empty photo", args: (at) => [`${at}/empty.png`], line: "empty" },
  { name: "a truncated PNG", args: (at) => [`${at}/truncated.png`], line: "truncated.png" },
  {
    name: "a truncated JPEG",
    args: (at) => [`${at}/truncated.jpg`],
    line: 'truncated.jpg": the JPEG file is cut short',
  },
  { name: "junk", args: (at) => [`${at}/junk.png`], line: "junk.png" },
  { name: "a PDF named as a JPEG", args: (at) => [`${at}/renamed.jpg`], line: "renamed.jpg" },
  { name: "a page named as a PNG", args: (at) => [`${at}/page.png`], line: "page.png" },
  { name: "a 60,000 × 60,000 PNG in 1 KB", args: (at) => [`${at}/huge.png`], line: "60000" },
  { name: "a folder", args: (at) => [`${at}/good`], line: "it is a folder" },
  { name: "an empty path", args: () => [""], line: "no such file" },
  { name: "empty standard input", args: () => ["-"], line: "standard input: " },
  { name: "an URL that is none", args: () => ["http://"], code: 2, line: 'Cannot read "http://"' },
  { name: "a data: URL without a photo", args: () => ["data:image/png;base64,AAAA"], line: "data: URL" },
  {
    name: "no such model",
    args: (at) => [photo, "--model", `${at}/none.json`],
    line: 'none.json": no such file',
  },
  {
    name: "a missing shard",
    args: (at) => [photo, "--model", `${at}/shardless`],
    line: '"weights.bin" is missing',
  },
  {
    name: "a shard cut short",
    args: (at) => [photo, "--model", `${at}/short/model.json`],
    line: "100 bytes",
  },
  {
    name: "JSON cut short",
    args: (at) => [photo, "--model", `${at}/cut/model.json`],
    line: "its JSON is damaged",
  },
  { name: "a photo as model", args: () => [photo, "--model", photo], line: "Cannot open model" },
  { name: "no 4-D layer", args: (at) => [photo, "--model", `${at}/flat`], line: "Could not find 4D layer" },
  { name: "no such layer", args: () => [photo, "--layer", "feature"], line: "features" },
  { name: "a layer that is not 4-D", args: () => [photo, "--layer", "means"], line: '"means"' },
  { name: "no such class", args: () => [photo, "--class", "wsp"], line: "wasp" },
  { name: "a class out of range", args: () => [photo, "--class", "3"], line: "3" },
  { name: "a negative class", args: () => [photo, "--class", "-1"], line: "classes 0 to 2" },
  { name: "no such output", args: () => [photo, "--output", "7"], line: "7" },
  { name: "no such labels", args: (at) => [photo, "--labels", `${at}/none.txt`], line: "none.txt" },
  {
    name: "too few labels to ask by name",
    args: (at) => [photo, "--labels", `${at}/labels.txt`, "--class", "ant"],
    line: "2 labels for 3 classes",
  },
  {
    name: "an unknown method",
    args: () => [photo, "--method", "gradcan"],
    code: 2,
    line: "use gradcam",
  },
  {
    name: "an unknown colour map",
    args: () => [photo, "--colormap", "viridi"],
    code: 2,
    line: "use one of viridis",
  },
  {
    name: "an unknown backend",
    args: () => [photo, "--backend", "wgpu"],
    code: 2,
    line: "use one of webgpu",
  },
  { name: "no threads", args: () => [photo, "--threads", "0"], code: 2, line: "from 1 to 256" },
  {
    name: "an output that is no folder",
    args: (at) => [photo, "--out", `${at}/notes/`],
    line: "it is no folder",
  },
  {
    name: "an output in no folder",
    args: (at) => [photo, "--out", `${at}/none/a.png`],
    line: "no such folder",
  },
  {
    name: "an output of no kind",
    args: (at) => [photo, "--out", `${at}/a.gif`],
    code: 2,
    line: "ends in .png",
  },
  {
    name: "more results than names",
    args: () => [photo, photo, "--out", "a.png"],
    code: 2,
    line: "2 things",
  },
  { name: "--top with --class", args: () => [photo, "--top", "2", "--class", "1"], code: 2, line: "--class" },
  {
    name: "--json with --out -",
    args: () => [photo, "--json", "--out", "-"],
    code: 2,
    line: "standard output",
  },
  { name: "standard input twice", args: () => ["-", "-"], code: 2, line: "twice" },
  { name: "a misspelt command", args: () => ["layer"], code: 2, line: "the command layers" },
  { name: "an unknown option", args: () => [photo, "--colourmap", "jet"], code: 2, line: "--colormap" },
  { name: "no photo", args: () => [], code: 2, line: "No photo given" },
  { name: "layers with a photo", args: () => ["layers", photo], line: "it is a photo, not a model" },
  {
    name: "layers of no model",
    args: (at) => ["layers", "--model", `${at}/none`],
    line: 'none": no such file',
  },
  { name: "help of no command", args: () => ["help", "layer"], code: 2, line: "layers" },
];

Deno.test("main() answers bad input with one line, the right exit code and no file", async (t) => {
  await withTempDir(async (folder) => {
    await writeFiles(folder);
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    const before = await namesIn(folder);
    for (const { name, args, code = 1, line } of cases) {
      await t.step(name, async () => {
        const given = args(folder);
        const defaults = {
          "--model": `${folder}/good`,
          "--out": `${out}/`,
          "--preprocess": "unit",
          "--backend": "cpu",
        };
        const isExplain = !["layers", "help", "layer"].includes(given[0] ?? "");
        const added = Object.entries(defaults).filter(([option]) => isExplain && !given.includes(option))
          .flat();
        const run = await leavingNoTensors(() => runMain([...given, ...added]));
        assertEquals(run.stderr.lines.length, 1, run.stderr.text);
        assertStringIncludes(run.stderr.text, line);
        assertEquals(run.stderr.text.startsWith("gradcam: "), true);
        assertEquals(run.stderr.text.includes("--debug"), false, run.stderr.text);
        assertEquals(/\.\n$/.test(run.stderr.text), false, run.stderr.text);
        assertEquals(run.stdout.text, "");
        assertEquals(run.code, code);
        assertEquals(await namesIn(out), []);
        assertEquals(await namesIn(folder), before);
      });
    }
  });
});

Deno.test("main() says in which photo of several the error is", async () => {
  await withTempDir(async (folder) => {
    await writeFiles(folder);
    const names = ["empty", "truncated", "junk", "huge"].map((name) => `${folder}/${name}.png`);
    const options = [
      "--model",
      `${folder}/good`,
      "--preprocess",
      "unit",
      "--backend",
      "cpu",
      "--out",
      `${folder}/o/`,
    ];
    const { code, stderr } = await leavingNoTensors(() => runMain([...names, photo, ...options]));
    assertEquals(code, 1);
    assertEquals(stderr.lines.length, names.length);
    for (const [index, name] of names.entries()) assertStringIncludes(stderr.lines[index]!, name);
    assertEquals(await namesIn(`${folder}/o`), ["plain.gradcam.png"]);
  });
});

Deno.test("main() prints the stack when it is asked for", async () => {
  const { code, stderr } = await runMain(["none.png", "--debug", "--save", "none"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr.text, 'gradcam: Cannot read "none.png": no such file\n');
  assertStringIncludes(stderr.text, "\n    at ");
});

Deno.test("main() says so where there is no WebGPU", async () => {
  const { gpu } = navigator;
  Object.defineProperty(navigator, "gpu", { value: undefined, configurable: true });
  try {
    const { code, stderr } = await leavingNoTensors(() =>
      runMain([photo, "--backend", "webgpu", "--save", "none"])
    );
    assertEquals(code, 1);
    assertEquals(stderr.text, 'gradcam: Cannot use backend "webgpu": this platform has no WebGPU\n');
  } finally {
    Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  }
});
