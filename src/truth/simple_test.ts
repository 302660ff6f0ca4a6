import { assertEquals } from "@std/assert";
import { exists } from "../testing/mod.ts";
import { openTruth } from "./mod.ts";
import { opened, rounded, unasked, withFiles } from "./testing.ts";

const coco = new URL("../../../shared/data/coco/", import.meta.url);

Deno.test("simpleFormat reads centres as lists and corners as objects, in fractions or pixels", async () => {
  const truth = await opened(
    "x.json",
    JSON.stringify([
      { file: "a.jpg", class: "hot_dog", imagenet: 934, boxes: [[0.5, 0.25, 0.5, 0.5]] },
      { file: "a.jpg", class: "hot_dog", imagenet: 934, boxes: [[0.5, 0.75, 0.5, 0.5]] },
      { photo: "b.jpg", label: "cat", box: { x: 0.25, y: 0, width: 0.5, height: 0.5 } },
      { image: "c.jpg", classIndex: 3, boxes: [{ x: 15, y: 0, width: 30, height: 20 }] },
      { file: "d.jpg", class: "cat", boxes: [[30, 20, 10, 10], "?", [0.5, 0.5, 0.1, 0.1]] },
      { class: "cat" },
      7,
    ]),
  );
  assertEquals(truth.kind, "simple");
  const plain = { label: undefined, classIndex: undefined, imagenet: undefined, mask: undefined };
  const size = () => Promise.resolve({ height: 40, width: 60 });
  const first = [0.25, 0, 0.5, 0.5];
  assertEquals(rounded(await truth.find("a.jpg", unasked))?.objects, [
    { ...plain, label: "hot_dog", imagenet: 934, boxes: [first, [0.25, 0.5, 0.5, 0.5]] },
  ]);
  assertEquals(rounded(await truth.find("b.jpg", unasked))?.objects, [{
    ...plain,
    label: "cat",
    boxes: [first],
  }]);
  assertEquals(rounded(await truth.find("c.jpg", size))?.objects, [{
    ...plain,
    classIndex: 3,
    boxes: [first],
  }]);
  assertEquals(rounded(await truth.find("d.jpg", unasked)), {
    objects: [{ ...plain, label: "cat", boxes: [[0.45, 0.45, 0.1, 0.1]] }],
    problems: ["2 of its boxes are no [centre x, centre y, width, height] in fractions"],
  });
  assertEquals(truth.entries.length, 4);
});

Deno.test({
  name: "simpleFormat reads the objects of COCO photos as they are",
  ignore: !await exists(coco), // the photos are not part of the checkout
  async fn() {
    for (const place of [new URL("objects.json", coco), coco]) {
      const truth = await openTruth(place);
      assertEquals([truth.kind, truth.entries.length], ["simple", 39]);
      const found = await Promise.all(truth.entries.map(({ file }) => truth.find(file, unasked)));
      assertEquals(found.flatMap((one) => one!.objects).length, 41);
      assertEquals(found.flatMap((one) => one!.problems), []);
    }
  },
});

Deno.test("openTruth() says of a place that is not there", async () => {
  await withFiles({ "a.json": "[]" }, async (folder) => {
    const message = await openTruth(`${folder}/b.json`).catch((error: Error) =>
      `${error.name}: ${error.message}`
    );
    assertEquals(
      String(message).replace(folder, ""),
      'TruthError: Cannot read truth "/b.json": no such file',
    );
  });
});
