import { assertEquals } from "@std/assert";
import { expandFolders } from "./photos.ts";
import { withTempDir } from "./testing.ts";

Deno.test("expandFolders() lists the photos of folders, and nothing else", async () => {
  await withTempDir(async (folder) => {
    const results = ["a.gradcam.png", "a.overlay.png", "a.gradcam.jpg", "b.panel.WEBP", "b.heatmap.jpeg"];
    const names = ["b.JPG", "a.png", ...results, "notes.txt", "c.tiff"];
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "");
    await Deno.mkdir(`${folder}/empty`);
    const photos = ["-", folder, "https://example.com/x.png", `${folder}/empty`, `${folder}/a.png`];
    const expanded = await expandFolders(photos);
    assertEquals(expanded.notes, [
      `${folder}: passed over: 1 .txt, 5 results of before, 1 folder inside (--recursive)`,
    ]);
    assertEquals(expanded.photos, [
      "-",
      `${folder}/a.png`,
      `${folder}/b.JPG`,
      `${folder}/c.tiff`,
      "https://example.com/x.png",
      `${folder}/empty`,
      `${folder}/a.png`,
    ]);
  });
});

Deno.test("expandFolders() goes through folders inside where it is asked to", async () => {
  await withTempDir(async (folder) => {
    await Deno.mkdir(`${folder}/b/c`, { recursive: true });
    for (const name of ["z.png", "b/y.png", "b/c/x.png", "b/c/w.heic", "b/c/v.heic"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const { photos, notes } = await expandFolders([folder], true);
    assertEquals(photos, ["z.png", "b/y.png", "b/c/x.png"].map((name) => `${folder}/${name}`));
    assertEquals(notes, [`${folder}: passed over: 2 .heic (a HEIC photo: save it as JPEG)`]);
  });
});

Deno.test("expandFolders() follows links to photos, and none that leads nowhere", async () => {
  await withTempDir(async (folder) => {
    await Deno.mkdir(`${folder}/links`);
    await Deno.writeTextFile(`${folder}/a.png`, "");
    await Deno.symlink(`${folder}/a.png`, `${folder}/links/b.png`);
    await Deno.symlink(`${folder}/none.png`, `${folder}/links/c.png`);
    const { photos } = await expandFolders([`${folder}/links`]);
    assertEquals(photos, [`${folder}/links/b.png`]);
  });
});
