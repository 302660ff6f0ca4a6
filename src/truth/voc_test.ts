import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TruthError } from "../base/errors.ts";
import { openTruth } from "./mod.ts";
import { opened, rounded, unasked, withFiles } from "./testing.ts";

const object = (name: string, ...[xmin, ymin, xmax, ymax]: number[]) =>
  `<object><name>${name}</name><bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;
const size = "<size><width>60</width><height>40</height><depth>3</depth></size>";
const annotation = (...parts: string[]) =>
  `<?xml version="1.0"?>\n<annotation><filename>a.jpg</filename>${parts.join("\n")}</annotation>`;

Deno.test("vocFormat counts pixels from 1, as VOC does, and from 0 where one is", async () => {
  const truth = await opened(
    "a.xml",
    annotation(size, object("cat", 1, 1, 30, 20), object("dog", 31, 11, 60, 40)),
  );
  assertEquals(truth.kind, "voc");
  assertEquals(rounded(await truth.find("a.jpg", unasked)), {
    objects: [
      { label: "cat", boxes: [[0, 0, 0.5, 0.5]], mask: undefined },
      { label: "dog", boxes: [[0.5, 0.25, 0.5, 0.75]], mask: undefined },
    ],
    problems: [],
  });
  const fromZero = await opened("a.xml", annotation(size, object("cat", 0, 0, 30, 20)));
  assertEquals(rounded(await fromZero.find("a.jpg", unasked))?.objects[0]?.boxes, [[0, 0, 0.5, 0.5]]);
});

Deno.test("vocFormat finds a photo's file in a folder by its name, and names what it cannot read", async () => {
  const files = {
    "train/a.xml": annotation(size, object("cat", 1, 1, 30, 20)),
    "val/a.xml": annotation(size, object("dog", 1, 1, 30, 20)),
    "b.xml": annotation(size, object("cat", 1, 1, 30, 20)).slice(0, 120),
    "c.xml": `<!DOCTYPE a [${
      Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join("")
    }]>
      ${annotation(size, object("&e9;", 1, 1, 30, 20)).slice(21)}`,
    "d.xml": "<a>".repeat(100_000),
    "e.xml": `<annotation>${" ".repeat(8_000_001)}</annotation>`,
    "f.xml": "<html></html>",
    "g.xml": "",
    "h.xml": annotation(object("cat", 1, 1, 30, 20)),
    "i.xml": annotation(size, "<object><name>cat</name></object>", object("cat", 61, 1, 90, 20)),
    "j.xml": `<!DOCTYPE annotation SYSTEM "file:///etc/passwd">${
      annotation(size, object("cat", 1, 1, 30, 20)).slice(21)
    }`,
  };
  await withFiles(files, async (folder) => {
    const truth = await openTruth(folder);
    const labelOf = async (photo: string) => (await truth.find(photo, unasked))?.objects[0]?.label;
    assertEquals(await labelOf("photos/val/a.jpg"), "dog");
    assertEquals(await labelOf("photos/train/a.png"), "cat");
    const failures: Record<string, string> = {
      "a.jpg": 'Cannot find the truth of "a.jpg": there is one for "train/a" and "val/a"',
      "b.jpg": 'Cannot read truth "b.xml": it is no XML, or cut: ',
      "c.jpg": 'Cannot read truth "c.xml": the XML declares entities, which are not taken',
      "d.jpg": 'Cannot read truth "d.xml": ',
      "e.jpg": 'Cannot read truth "e.xml": the XML is too large for one photo',
      "f.jpg": 'Cannot read truth "f.xml": it holds "html" and no annotation',
      "g.jpg": 'Cannot read truth "g.xml": ',
    };
    for (const [photo, message] of Object.entries(failures)) {
      const error = await assertRejects(() => truth.find(photo, unasked), TruthError);
      assertStringIncludes(error.message, message);
      assert(!error.message.includes("\n") && error.message.length < 200, error.message);
    }
    const asked = await truth.find("h.jpg", () => Promise.resolve({ height: 40, width: 60 }));
    assertEquals(rounded(asked)?.objects[0]?.boxes, [[0, 0, 0.5, 0.5]]);
    assertEquals(rounded(await truth.find("i.jpg", unasked)), {
      objects: [],
      problems: ["1 box lies outside the photo: it is left out", "1 box has no size: it is left out"],
    });
    assertEquals(await labelOf("j.jpg"), "cat"); // nothing outside the file is read
  });
});
