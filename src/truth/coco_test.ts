import { assertEquals, assertRejects } from "@std/assert";
import { TruthError } from "../base/errors.ts";
import { opened, rounded, unasked } from "./testing.ts";

const categories = [{ id: 1, name: "cat" }, { id: 2, name: "dog" }];
const images = [{ id: 10, file_name: "val/a.jpg", height: 4, width: 6 }];

function coco(annotations: readonly unknown[], more: object = {}): string {
  return JSON.stringify({ images, categories, annotations, ...more });
}

const of = (category_id: number, rest: object) => ({ image_id: 10, category_id, ...rest });

Deno.test("cocoFormat reads boxes, polygons and runs of both kinds, and joins those of a class", async () => {
  const truth = await opened(
    "x.json",
    coco([
      of(1, { bbox: [0, 0, 3, 2] }),
      of(1, { bbox: [3, 1, 3, 3] }),
      of(2, { bbox: [1, 1, 2, 2], segmentation: [[1, 1, 3, 1, 3, 3, 1, 3]] }),
    ]),
  );
  assertEquals(truth.kind, "coco");
  assertEquals(rounded(await truth.find("photos/A.jpg", unasked)), {
    objects: [
      { label: "cat", boxes: [[0, 0, 0.5, 0.5], [0.5, 0.25, 0.5, 0.75]], mask: undefined },
      { label: "dog", boxes: [[0.1667, 0.25, 0.3333, 0.5]], mask: ["......", ".##...", ".##...", "......"] },
    ],
    problems: [],
  });
  assertEquals(await truth.find("b.jpg", unasked), undefined);
});

Deno.test("cocoFormat reads runs column by column, as numbers and as COCO's own text", async () => {
  // Columns of 4: 5 zeros, 2 ones, 2 zeros, 2 ones, 13 zeros: rows 1 and 2 of the columns 1 and 2.
  const counts = [5, 2, 2, 2, 13];
  const size = [4, 6];
  const mask = ["......", ".##...", ".##...", "......"];
  const texts = {
    numbers: counts,
    text: "5220;", // the fourth and fifth less the one two before: 2 - 2 = 0 and 13 - 2 = 11
  };
  for (const [name, counts] of Object.entries(texts)) {
    const truth = await opened("x.json", coco([of(1, { segmentation: { size, counts } })]));
    const found = rounded(await truth.find("a.jpg", unasked))!;
    assertEquals(found.objects, [{ label: "cat", boxes: [[0.1667, 0.25, 0.3333, 0.5]], mask }], name);
  }
});

Deno.test("cocoFormat says in a few words what is wrong, and uses the rest", async (t) => {
  const good = of(1, { bbox: [0, 0, 3, 2] });
  const cases: Record<string, [annotation: object, problem: string]> = {
    "outside": [of(2, { bbox: [7, 1, 2, 2] }), "1 box lies outside the photo: it is left out"],
    "no size": [of(2, { bbox: [1, 1, 0, 2] }), "1 box has no size: it is left out"],
    "no numbers": [of(2, { bbox: ["a", 1, 1, 2] }), "1 box has no size: it is left out"],
    "infinite": [of(2, { bbox: [1, 1, 1e999, 2] }), "1 box has no size: it is left out"],
    "short runs": [
      of(2, { segmentation: { size: [4, 6], counts: [5, 2] } }),
      "1 of its masks cannot be read: their boxes are used",
    ],
    "runs of another kind": [
      of(2, { segmentation: { size: [4, 6], counts: "\u0000\uffff" } }),
      "1 of its masks cannot be read: their boxes are used",
    ],
    "a huge raster": [
      of(2, { segmentation: { size: [1e9, 1e9], counts: [1e18] } }),
      "1 of its masks cannot be read: their boxes are used",
    ],
    "a polygon of words": [
      of(2, { segmentation: [["a", "b", "c", "d", "e", "f"]] }),
      "1 of its masks cannot be read: their boxes are used",
    ],
  };
  for (const [name, [annotation, problem]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const truth = await opened("x.json", coco([good, annotation, "?", null]));
      const found = rounded(await truth.find("a.jpg", unasked))!;
      assertEquals(found, {
        objects: [{ label: "cat", boxes: [[0, 0, 0.5, 0.5]], mask: undefined }],
        problems: [problem],
      });
    });
  }
});

Deno.test("cocoFormat cuts boxes that reach beyond the photo, and tells of those that do so by more than rounding", async () => {
  const boxes = [[-3, -1, 6, 3], [2.97, 2, 3.05, 2.02]];
  const truth = await opened("x.json", coco(boxes.map((bbox) => of(1, { bbox }))));
  assertEquals(rounded(await truth.find("a.jpg", unasked)), {
    objects: [{ label: "cat", boxes: [[0, 0, 0.5, 0.5], [0.495, 0.5, 0.505, 0.5]], mask: undefined }],
    problems: ["1 box reaches beyond the photo: it is cut"],
  });
});

Deno.test("cocoFormat tells of annotations of no image and of categories without a name", async () => {
  const truth = await opened(
    "x.json",
    coco([of(3, { bbox: [0, 0, 3, 2] }), { image_id: 11, category_id: 1, bbox: [0, 0, 1, 1] }]),
  );
  assertEquals(truth.warnings.map((warning) => warning.replace(/^Truth ".*": /, "")), [
    "1 annotations are of images that it does not list: they are left out",
    "its categories lack 3: these have no name",
  ]);
  const found = await truth.find("a.jpg", unasked);
  assertEquals(found?.objects.map(({ label }) => label), ["category 3"]);
});

Deno.test("cocoFormat asks for the size of a photo that the file does not have", async () => {
  const truth = await opened(
    "x.json",
    coco([of(1, { bbox: [3, 1, 3, 3] })], { images: [{ id: 10, file_name: "a.jpg" }] }),
  );
  const found = rounded(await truth.find("a.jpg", () => Promise.resolve({ height: 4, width: 6 })));
  assertEquals(found?.objects[0]?.boxes, [[0.5, 0.25, 0.5, 0.75]]);
});

Deno.test("openTruth() says of JSON that is cut, of another kind or of nothing, in one line", async (t) => {
  const cases: Record<string, [text: string, message: string]> = {
    "cut": [coco([of(1, { bbox: [0, 0, 3, 2] })]).slice(0, -20), "the JSON is cut: it ends in the middle"],
    "none": ["{ images: [] }", "it is no JSON"],
    "other": ['{"images": 3}', "use COCO JSON, simple JSON, Pascal VOC XML, YOLO text, mask pictures"],
    "a text": ["hello", "use COCO JSON, simple JSON, Pascal VOC XML, YOLO text, mask pictures"],
    "empty": ["", "use COCO JSON, simple JSON, Pascal VOC XML, YOLO text, mask pictures"],
    "no names": ['{"images": [{"id": 1}], "annotations": []}', "none of its images has a file_name"],
  };
  for (const [name, [text, message]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const error = await assertRejects(() => opened("x.json", text), TruthError);
      assertEquals(error.message.replace(/".*"/, "FILE"), `Cannot read truth FILE: ${message}`);
    });
  }
});
