import { assertEquals } from "@std/assert";
import type { PictureFormat } from "../draw/encodings/mod.ts";
import { renderings } from "../draw/renderings/mod.ts";
import { plannedFiles, stemOf, uniqueStems } from "./output_names.ts";

Deno.test("stemOf() names results after photos", async (t) => {
  const cases: [photo: string, stem: string][] = [
    ["cat.jpg", "cat"],
    ["photos/cat.tar.gz", "cat.tar"],
    ["C:\\photos\\cat.jpg", "cat"],
    ["cat", "cat"],
    [".hidden", "hidden"],
    ["https://example.org/a%20cat.jpg?size=large#top", "a cat"],
    ["https://example.org/..%2F..%2Fetc%2Fpasswd.png", "passwd"],
    ["https://example.org/", "photo"],
    ["file:///photos/cat.webp", "cat"],
    ["data:image/png;base64,AAAA", "photo"],
    ["-", "stdin"],
    ['a<b>:"c|?*.png', "a_b_c_"],
    [`${"x".repeat(300)}.png`, "x".repeat(80)],
    ["..", "photo"],
  ];
  for (const [photo, stem] of cases) {
    await t.step(photo.slice(0, 40), () => assertEquals(stemOf(photo), stem));
  }
});

Deno.test("uniqueStems() numbers photos of one name", async (t) => {
  const cases: [photos: string[], stems: string[]][] = [
    [["a/cat.jpg", "b/dog.jpg"], ["cat", "dog"]],
    [["a/cat.jpg", "b/cat.png", "c/cat.webp"], ["cat", "cat-2", "cat-3"]],
    [["a/cat.jpg", "b/CAT.jpg"], ["cat", "CAT-2"]],
    [["cat.jpg", "x/cat.jpg", "cat-2.jpg"], ["cat", "cat-3", "cat-2"]],
  ];
  for (const [photos, stems] of cases) {
    await t.step(photos.join(" "), () => assertEquals(uniqueStems(photos), stems));
  }
});

Deno.test("plannedFiles() names a file for each kind, class and method", async (t) => {
  const method = "gradcam";
  const one = [{ classIndex: 285, label: "Egyptian cat", method }];
  const two = [...one, { classIndex: 7, label: undefined, method }, {
    classIndex: 8,
    label: "a/b: c, d",
    method,
  }];
  const methods = [...one, { ...one[0]!, method: "gradcam++" }];
  const cases: { kinds: string[]; format?: PictureFormat; classes: typeof two; names: string[] }[] = [
    { kinds: ["overlay"], classes: one, names: ["cat.gradcam.png"] },
    { kinds: ["panel"], classes: one, names: ["cat.panel.png"] },
    { kinds: ["panel"], classes: two, names: ["cat.panel.png"] },
    { kinds: ["panel"], format: "jpeg", classes: methods, names: ["cat.panel.jpg"] },
    { kinds: ["components"], classes: one, names: [] },
    {
      kinds: ["components"],
      classes: [...one, { ...one[0]!, method: "deepfeaturefactorization" }],
      names: ["cat.deepfeaturefactorization.components.png"],
    },
    { kinds: ["json"], classes: two, names: ["cat.gradcam.json"] },
    { kinds: ["npy"], classes: one, names: ["cat.gradcam.npy"] },
    { kinds: ["overlay"], format: "jpeg", classes: one, names: ["cat.gradcam.jpg"] },
    {
      kinds: ["panel", "npy", "json"],
      format: "webp",
      classes: one,
      names: ["cat.panel.webp", "cat.gradcam.npy", "cat.gradcam.json"],
    },
    {
      kinds: ["overlay", "heatmap", "json"],
      classes: one,
      names: ["cat.overlay.png", "cat.heatmap.png", "cat.gradcam.json"],
    },
    {
      kinds: ["overlay"],
      classes: two,
      names: ["cat.285_Egyptian_cat.gradcam.png", "cat.7.gradcam.png", "cat.8_a_b__c_d.gradcam.png"],
    },
    { kinds: ["overlay"], classes: methods, names: ["cat.gradcam.gradcam.png", "cat.gradcam++.gradcam.png"] },
    {
      kinds: ["heatmap"],
      classes: [...methods, { ...two[1]!, method: "gradcam++" }],
      names: [
        "cat.285_Egyptian_cat.gradcam.heatmap.png",
        "cat.285_Egyptian_cat.gradcam++.heatmap.png",
        "cat.7.gradcam++.heatmap.png",
      ],
    },
  ];
  for (const { kinds, format, classes, names } of cases) {
    await t.step(`${kinds} ${format ?? ""} of ${classes.length} maps`, () => {
      const chosen = renderings.filter(({ name }) => kinds.includes(name));
      assertEquals(plannedFiles("cat", { kinds: chosen, format }, classes).map(({ name }) => name), names);
    });
  }
});
