/** Folders, what is done already, sums, and disks that are full. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { fakeIo, namesIn, runMain, withTempDir } from "./testing.ts";
import { main } from "./main.ts";

const images = new URL("images/", testdata);

/** Do something with a folder of photos, and the arguments that name a model and a place for results. */
async function withPhotos(
  use: (photos: string, args: string[], out: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    const photos = `${folder}/photos`;
    await Deno.mkdir(`${photos}/inner`, { recursive: true });
    for (const [from, to] of [["plain.jpg", "a.jpg"], ["plain.png", "b.png"], ["plain.jpg", "inner/a.jpg"]]) {
      await Deno.copyFile(new URL(from!, images), `${photos}/${to}`);
    }
    const out = `${folder}/out`;
    const model = await writeTinyModel(folder);
    const args = ["--model", model, "--preprocess", "unit", "--backend", "cpu", "--out", `${out}/`];
    await leavingNoTensors(() => use(photos, args, out));
  });
}

Deno.test("a folder's photos are explained, and a last line sums up", () =>
  withPhotos(async (photos, args, out) => {
    const first = await runMain([photos, ...args]);
    assertEquals([first.code, first.stderr.text], [
      0,
      `note: ${photos}: passed over: 1 folder inside (--recursive)\n`,
    ]);
    assertMatch(first.sum!, /^2 photos: 2 explained, in \d+\.\d s$/);
    assertEquals(await namesIn(out), ["a.gradcam.png", "b.gradcam.png"]);

    const again = await runMain([photos, "--recursive", "--skip-existing", ...args]);
    assertEquals([again.code, again.stderr.text, again.stdout.lines.length], [0, "", 1]);
    assertMatch(again.sum!, /^3 photos: 1 explained, 2 passed over, whose results are there, in/);
    assertEquals(await namesIn(out), ["a-2.gradcam.png", "a.gradcam.png", "b.gradcam.png"]);

    const third = await runMain([photos, "-r", "--skip-existing", ...args]);
    assertEquals([third.code, third.stdout.text], [0, ""]);
    assertMatch(third.sum!, /^3 photos: 0 explained, 3 passed over/);
  }));

Deno.test("--skip-existing looks for as many files as there are classes", () =>
  withPhotos(async (photos, args) => {
    const one = await runMain([photos, "--top", "1", "--skip-existing", ...args]);
    assertMatch(one.sum!, /2 explained/);
    const two = await runMain([photos, "--top", "2", "--skip-existing", ...args]);
    assertMatch(two.sum!, /2 explained/);
    const again = await runMain([photos, "--top", "2", "--skip-existing", ...args]);
    assertMatch(again.sum!, /0 explained, 2 passed over/);
    const others = await runMain([
      photos,
      "--top",
      "2",
      "--save",
      "overlay,json",
      "--skip-existing",
      ...args,
    ]);
    assertMatch(others.sum!, /2 explained/);
  }));

Deno.test("--skip-existing is refused where nothing is written to files", () =>
  withPhotos(async (photos, args) => {
    const { code, stderr } = await runMain([
      photos,
      ...args.slice(0, -2),
      "--save",
      "none",
      "--skip-existing",
    ]);
    assertEquals([code, stderr.lines.length], [2, 1]);
  }));

Deno.test("a folder of HEIC photos says what they are", async () => {
  await withTempDir(async (folder) => {
    await Deno.mkdir(`${folder}/phone`);
    for (const name of ["a.HEIC", "b.heic", "c.txt"]) {
      await Deno.writeTextFile(`${folder}/phone/${name}`, "x");
    }
    const { code, stderr } = await runMain([`${folder}/phone`, "--save", "none", "--backend", "cpu"]);
    const what = "2 .heic (a HEIC photo: save it as JPEG), 1 .txt";
    assertEquals([code, stderr.text], [
      1,
      `gradcam: Cannot read "${folder}/phone": it is a folder without photos: ${what}\n`,
    ]);
  });
});

Deno.test("a disk that is full ends the run at the first photo", async (t) => {
  const { writeFile } = Deno;
  for (const jobs of ["1"]) {
    await t.step(`${jobs} jobs`, () =>
      withPhotos(async (photos, args, out) => {
        const io = fakeIo();
        Deno.writeFile = (path, data, options) => {
          const isResult = String(path).endsWith(".part") && (data as Uint8Array).length > 0;
          if (!isResult) return writeFile(path, data, options);
          return Promise.reject(
            Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" }),
          );
        };
        try {
          const code = await main([photos, "--recursive", "--jobs", jobs, ...args], io);
          assertEquals([code, io.stdout.text], [1, ""]);
          assertEquals(io.stderr.lines.length, 1, io.stderr.text);
          assert(io.stderr.text.includes("no space is left on the device"), io.stderr.text);
        } finally {
          Deno.writeFile = writeFile;
        }
        assertEquals(await namesIn(out).catch(() => []), []);
      }));
  }
});
