import { assertEquals } from "@std/assert";
import { expandFolders } from "./photos.ts";
import { withTempDir } from "./testing.ts";

Deno.test("expandFolders() lists the photos of folders, and nothing else", async () => {
  await withTempDir(async (folder) => {
    const names = ["b.JPG", "a.png", "a.gradcam.png", "a.overlay.png", "notes.txt", "c.tiff"];
    for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "");
    await Deno.mkdir(`${folder}/empty`);
    const photos = ["-", folder, "https://example.com/x.png", `${folder}/empty`, `${folder}/a.png`];
    assertEquals(await expandFolders(photos), [
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
