import { assertEquals, assertLess } from "@std/assert";
import { decodeImage } from "./mod.ts";

const megabyte = 2 ** 20;

/** Grey rows, packed by run lengths: so the platform decodes them, not this package. */
function packRows(height: number, width: number): Uint8Array {
  const runs: number[] = [];
  for (let left = width; left > 0; left -= 255) runs.push(Math.min(left, 255), 200);
  const row = [...runs, 0, 0];
  return Uint8Array.from([...Array.from({ length: height }, () => row).flat(), 0, 1]);
}

/** A grey BMP of 8 bits a pixel. */
function writeBmp(height: number, width: number): Uint8Array {
  const rows = packRows(height, width), start = 54 + 256 * 4;
  const bytes = new Uint8Array(start + rows.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4d42, true);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  view.setUint32(30, 1, true); // run lengths of bytes
  for (let grey = 0; grey < 256; grey++) bytes.fill(grey, 54 + grey * 4, 54 + grey * 4 + 3);
  bytes.set(rows, start);
  return bytes;
}

Deno.test("decodeImage() does not pile up what the platform decodes", async () => {
  const [height, width] = [900, 1200];
  const bmp = writeBmp(height, width);
  const { data } = await decodeImage(bmp);
  assertEquals([...data.subarray(0, 4), data.length], [200, 200, 200, 255, height * width * 4]);
  const decode = async (times: number) => {
    for (let time = 0; time < times; time++) await decodeImage(bmp);
    return Deno.memoryUsage().rss / megabyte;
  };
  const before = await decode(20);
  const after = await decode(50); // of 4 MB in the platform's memory each, and as much as a file
  assertLess(after - before, 180);
});
