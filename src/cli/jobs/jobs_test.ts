import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { leavingNoTensors } from "../../testing/mod.ts";
import { writeTinyModel } from "../../testing/tiny_model.ts";
import { main } from "../main.ts";
import { fakeIo, namesIn, runMain, withTempDir } from "../testing.ts";
import { UsageError } from "../usage_error.ts";
import { countJobs } from "./count.ts";

const images = new URL("../../../testdata/images/", import.meta.url).pathname;
const photos = ["plain.png", "plain.jpg", "grey.png", "alpha.png", "lossy.webp", "palette.bmp"].map((name) =>
  images + name
);

async function withModel(run: (options: string[], out: string) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const model = await writeTinyModel(folder);
    const out = `${folder}/out`;
    await Deno.mkdir(out);
    await run(["--model", model, "--preprocess", "unit", "--out", `${out}/`, "--jobs", "2"], out);
  });
}

/** What does not depend on when and where it was computed. */
function told(line: string): string {
  const { source, maps } = JSON.parse(line);
  return JSON.stringify({ source, maps });
}

Deno.test("--jobs gives what one job gives, in the same order", async () => {
  await withModel(async (options, out) => {
    const several = await leavingNoTensors(() => runMain([...photos, ...options, "--json"]));
    assertEquals([several.code, several.stderr.text], [0, ""]);
    const contents = async () =>
      Promise.all((await namesIn(out)).map(async (name) => [name, await Deno.readFile(`${out}/${name}`)]));
    const files = await contents();
    assertEquals(files.length, photos.length);
    const one = await runMain([...photos, ...options.slice(0, -1), "1", "--json", "--threads", "1"]);
    assertEquals(several.stdout.lines.map(told), one.stdout.lines.map(told));
    assertEquals(files, await contents());
  });
});

Deno.test("--jobs goes on after a photo that fails", async () => {
  await withModel(async (options, out) => {
    const broken = `${out}/broken.png`;
    await Deno.writeTextFile(broken, "no picture");
    const args = [photos[0]!, broken, ...photos.slice(1), ...options];
    const { code, stdout, stderr } = await runMain(args);
    assertEquals([code, stdout.lines.length, stderr.lines.length], [1, photos.length, 1]);
    assertMatch(stderr.text, /^gradcam: .*broken\.png": it is no picture|^gradcam: .*broken\.png/);
    assertEquals((await namesIn(out)).filter((name) => name.endsWith(".gradcam.png")).length, photos.length);
  });
});

Deno.test("--jobs ends where no photo can be explained", async (t) => {
  const cases: readonly (readonly [string[], string])[] = [
    [["--layer", "nowhere"], 'Cannot find layer "nowhere"'],
    [["--class", "unicorn"], 'Cannot find class "unicorn"'],
    [["--class", "99"], "Cannot explain class 99"],
  ];
  for (const [extra, message] of cases) {
    await t.step(message, async () => {
      await withModel(async (options, out) => {
        const { code, stdout, stderr } = await runMain([...photos, ...options, ...extra]);
        assertEquals([stdout.text, stderr.lines.length], ["", 1]);
        assert(code > 0);
        assertStringIncludes(stderr.text, message);
        assertEquals(await namesIn(out), []);
      });
    });
  }
});

Deno.test("--jobs leaves no half file when it is interrupted", async () => {
  await withModel(async (options, out) => {
    const io = fakeIo();
    const write = io.stdout.write.bind(io.stdout);
    io.stdout.write = async (data) => {
      await write(data);
      io.interruption.abort(); // after the first photo
    };
    const code = await main([...photos, ...photos, ...photos, ...options], io);
    assertEquals(code, 130);
    assertStringIncludes(io.stderr.text, "Interrupted: 1 of 18 photos done");
    const names = await namesIn(out);
    assert(names.length >= 1 && names.every((name) => name.endsWith(".gradcam.png")), names.join());
    for (const name of names) {
      const bytes = await Deno.readFile(`${out}/${name}`);
      assertEquals(new TextDecoder().decode(bytes.subarray(-8, -4)), "IEND"); // PNG's last chunk
    }
  });
});

Deno.test("countJobs() takes workers for many photos alone", () => {
  const folder = { kind: "folder", path: "" } as const;
  const request = (count: number, jobs?: number, backend?: string) =>
    ({ photos: new Array(count).fill("a.png"), jobs, options: { backend } }) as unknown as Parameters<
      typeof countJobs
    >[0];
  assertEquals(countJobs(request(3), folder), 1);
  assertEquals(countJobs(request(10_000), folder), navigator.hardwareConcurrency);
  assertEquals(countJobs(request(3, 8), folder), 3);
  assertEquals(countJobs(request(10_000, 1), folder), 1);
  assertEquals(countJobs(request(10_000, undefined, "webgpu"), folder), 1);
  assertThrows(() => countJobs(request(9, 4, "webgpu"), folder), UsageError, "Cannot use --jobs 4: the GPU");
  assertThrows(() => countJobs(request(9, 4), { kind: "stdout" }), UsageError, "do not go into a folder");
  const piped = { ...request(2, 4), photos: ["-", "a.png"] };
  assertThrows(() => countJobs(piped, folder), UsageError, "a photo comes from standard input");
});
