import { assertEquals, assertRejects } from "@std/assert";
import { TruthError } from "../base/errors.ts";
import { openTruth } from "./mod.ts";
import { rounded, unasked, withFiles } from "./testing.ts";

const line = "1 0.5 0.25 0.5 0.5";

Deno.test("yoloFormat reads a folder with classes.txt, boxes with and without a confidence, and polygons", async () => {
  const files = {
    "classes.txt": "cat\nhot dog\n",
    "a.txt": `${line}\n0 0.1 0.1 0.2 0.2 0.9\n0 0.5 0.5 1 0.5 1 1 0.5 1\n`,
    "b.txt": "",
    "c.txt": `${line}\n1 0.5 0.25\nx y\n7 0.5 0.5 0.1 0.1`,
  };
  await withFiles(files, async (folder) => {
    const truth = await openTruth(folder);
    assertEquals([truth.kind, truth.warnings], ["yolo", []]);
    const { objects, problems } = (await truth.find("photos/a.jpg", unasked))!;
    assertEquals(problems, []);
    assertEquals(
      rounded({ objects: objects.map((object) => ({ ...object, mask: undefined })), problems })?.objects,
      [
        { label: "hot dog", boxes: [[0.25, 0, 0.5, 0.5]], mask: undefined },
        { label: "cat", boxes: [[0, 0, 0.2, 0.2], [0.5, 0.5, 0.5, 0.5]], mask: undefined },
      ],
    );
    const covered = objects[1]!.mask!.data.reduce((sum, value) => sum + value, 0) / 512 ** 2;
    assertEquals(Math.round(covered * 100), 29); // a quarter by the polygon, 4 % by the box
    assertEquals(await truth.find("b.jpg", unasked), { objects: [], problems: [] });
    const third = (await truth.find("c.jpg", unasked))!;
    assertEquals(third.objects.map(({ label }) => label), ["hot dog", "class 7"]);
    assertEquals(third.problems, ["2 of its lines cannot be read: they are left out"]);
  });
});

Deno.test("yoloFormat takes numbers for the model's own classes where nothing names them", async () => {
  await withFiles({ "labels/a.txt": line }, async (folder) => {
    const truth = await openTruth(`${folder}/labels`);
    assertEquals(truth.warnings.length, 1);
    const found = await truth.find("a.jpg", unasked);
    assertEquals(found?.objects[0]?.classIndex, 1);
    const single = await openTruth(`${folder}/labels/a.txt`);
    assertEquals((await single.find("a.jpg", unasked))?.objects[0]?.classIndex, 1);
  });
});

Deno.test("yoloFormat reads a data.yaml, and finds the labels beside it", async () => {
  const files = {
    "data.yaml": "path: .\nval: images/val\nnc: 2\nnames:\n  0: cat\n  1: hot dog\n",
    "list.yaml": "val: ./images/val\nnames: [cat, hot dog]\n",
    "labels/val/a.txt": line,
    "lost/data.yaml": "val: images\nnames: [cat]\n",
    "bad/data.yaml": "names: [cat\n  - b: {",
  };
  await withFiles(files, async (folder) => {
    for (const name of ["data.yaml", "list.yaml"]) {
      const truth = await openTruth(`${folder}/${name}`);
      const found = await truth.find("images/val/a.jpg", unasked);
      assertEquals(found?.objects.map(({ label }) => label), ["hot dog"], name);
    }
    const lost = await assertRejects(() => openTruth(`${folder}/lost/data.yaml`), TruthError);
    assertEquals(
      lost.message.replace(/".*"/, "FILE"),
      "Cannot read truth FILE: no folder of labels lies beside it",
    );
    const bad = await assertRejects(() => openTruth(`${folder}/bad/data.yaml`), TruthError);
    assertEquals(bad.message.replace(/".*"/, "FILE"), "Cannot read truth FILE: it is no YAML");
  });
});
