import { assert, assertEquals } from "@std/assert";
import { ImageError } from "../base/errors.ts";
import { decodeImage } from "../input/image/mod.ts";
import { photosCsv, summaryCsv } from "./csv.ts";
import { drawExamples } from "./pictures.ts";
import { summarise } from "./summarise.ts";
import { mapWith, photoWith } from "./testing.ts";

const photos = [
  photoWith(0, mapWith("gradcam", { deletion: 0.25, insertion: undefined }, { label: 'a, "b"' })),
  photoWith(
    1,
    mapWith("gradcam", { deletion: 0.5, insertion: undefined }, { label: "=1+1", model: "model" }),
  ),
];

Deno.test("summaryCsv() and photosCsv() quote what must be, and make no formula", () => {
  assertEquals(
    summaryCsv(summarise(photos)).split("\r\n")[2],
    "model,gradcam,conv,insertion,,,,0,2,",
  );
  assertEquals(photosCsv(photos).split("\r\n").slice(1), [
    '0.jpg,model,gradcam,conv,0,"a, ""b""",0.9,deletion,0.25,',
    '0.jpg,model,gradcam,conv,0,"a, ""b""",0.9,insertion,,The map is flat',
    "1.jpg,model,gradcam,conv,0,'=1+1,0.9,deletion,0.5,",
    "1.jpg,model,gradcam,conv,0,'=1+1,0.9,insertion,,The map is flat",
    "",
  ]);
});

Deno.test("drawExamples() lays maps over what the model saw, small, and leaves out photos that cannot be had", async () => {
  const seen = { x: 0.5, y: 0, width: 0.5, height: 1 };
  const many = Array.from(
    { length: 4 },
    (_, at) => photoWith(at, mapWith("gradcam", { deletion: at / 10 }, { seen })),
  );
  const grey = { height: 300, width: 600, data: new Uint8ClampedArray(300 * 600 * 4).fill(128) };
  for (let at = 3; at < grey.data.length; at += 4) grey.data[at] = 255;
  const read: number[] = [];
  const pictures = await drawExamples(summarise(many), many, {
    readPhoto(index) {
      read.push(index);
      return index === 2 ? Promise.reject(new ImageError("gone")) : Promise.resolve(grey);
    },
  });
  assertEquals(read.toSorted(), [0, 1, 2, 3]);
  assertEquals(pictures.map(({ index }) => index).toSorted(), [0, 1, 3]);
  const [{ url, height, width } = pictures[0]!] = pictures;
  assertEquals([height, width], [120, 240]);
  const picture = await decodeImage(Uint8Array.fromBase64(url.slice("data:image/jpeg;base64,".length)));
  const colourAt = (x: number) => [...picture.data.subarray((60 * 240 + x) * 4, (60 * 240 + x) * 4 + 3)];
  const isGrey = (x: number) => colourAt(x).every((value) => Math.abs(value - 128) < 6);
  assert(isGrey(60) && !isGrey(230), `${colourAt(60)} ${colourAt(230)}`); // the map lies on the right half alone
});
