/** How much memory photos of 25 megapixels take: measured in a process of its own, above what it has before. */
import { assertEquals, assertLess } from "@std/assert";
import { encodePng } from "./image/mod.ts";
import { writeFlatJpeg } from "./image/testing.ts";
import { writeFlatBmp, writeFlatDeepPng, writeFlatGif, writeFlatTiff, writeFlatWebp } from "./testing.ts";

/** A phone's photo of 25 megapixels. */
const size = { height: 4096, width: 6104 };

/** How much may be kept of a photo, in MB. */
const mostKept = 130;

/** Explains photos one after the other, and writes of each how much memory it took at most and how much was kept, in MB. */
const program = `
  import { gradcam, loadModel } from "./mod.ts";
  const status = (name) =>
    Number(Deno.readTextFileSync("/proc/self/status").match(new RegExp(name + ":\\\\s+(\\\\d+)"))[1]) / 1024;
  const options = { backend: "wasm", threads: 1, keptPhotoSide: 1024 };
  const model = await loadModel();
  for (const name of ["coffee", "chelsea", "coffee"]) {
    await gradcam(model, "testdata/photos/" + name + ".png", options);
  }
  const idle = status("VmRSS");
  for (const path of Deno.args) {
    Deno.writeTextFileSync("/proc/self/clear_refs", "5"); // the peak starts anew
    const { original } = await gradcam(model, path, options);
    const peak = status("VmHWM") - idle;
    let kept = Infinity; // what is given back goes in the background, on a busy machine after a while
    for (let tries = 0; tries < 50 && kept > ${mostKept}; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      kept = Math.min(kept, status("VmRSS") - idle);
    }
    console.log(original.width + " " + Math.round(peak) + " " + Math.round(kept));
  }
`;

/** A photo's file with what was measured. */
interface Measured {
  readonly width: number;
  /** The most above what the process had before, in MB. */
  readonly peak: number;
  /** What it had more afterwards, in MB. */
  readonly kept: number;
}

async function measure(files: readonly Uint8Array[]): Promise<Measured[]> {
  const folder = await Deno.makeTempDir();
  try {
    const paths = files.map((_, at) => `${folder}/${at}`);
    for (const [at, bytes] of files.entries()) await Deno.writeFile(paths[at]!, bytes);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", "--quiet", program, ...paths],
      cwd: new URL("../../", import.meta.url).pathname,
    }).output();
    const text = new TextDecoder().decode(stdout).trim();
    if (text === "") throw new Error(new TextDecoder().decode(stderr));
    return text.split("\n").map((line) => {
      const [width = 0, peak = 0, kept = 0] = line.split(" ").map(Number);
      return { width, peak, kept };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Photos of each kind whose decoding takes most. */
const kinds: Readonly<Record<string, () => Promise<Uint8Array> | Uint8Array>> = {
  "a progressive JPEG of 4:4:4, turned": () =>
    writeFlatJpeg({ ...size, isProgressive: true, orientation: 8, shared: 1 }),
  "a PNG with opacity": () =>
    encodePng({ data: new Uint8ClampedArray(size.height * size.width * 4).fill(128), ...size }),
  "a PNG of 16 bits with opacity": () => writeFlatDeepPng(size),
  "a lossless WebP": () => writeFlatWebp(size),
  "a GIF": () => writeFlatGif(size),
  "a bitmap": () => writeFlatBmp(size),
  "a TIFF in one strip": () => writeFlatTiff(size),
};

Deno.test({
  name: "gradcam() takes less than 250 MB for a photo of 25 megapixels, and gives it back",
  ignore: Deno.build.os !== "linux", // which tells how much a process has had at most
  async fn(t) {
    const { height, width } = size;
    const files: Uint8Array[] = [];
    for (const write of Object.values(kinds)) files.push(await write());
    const measured = await measure(files);
    assertEquals(measured.map(({ width }) => width), [height, ...files.slice(1).map(() => width)]);
    for (const [at, name] of Object.keys(kinds).entries()) {
      const { peak, kept } = measured[at]!;
      await t.step(`${name}: ${peak} MB at most, ${kept} MB afterwards`, () => {
        assertLess(peak, 250);
        assertLess(kept, mostKept);
      });
    }
  },
});
