import { assertLess } from "@std/assert";
import { decodeImage } from "./mod.ts";

const megabyte = 2 ** 20;

/** A grey BMP of 24 bits a pixel. */
function writeBmp(height: number, width: number): Uint8Array {
  const bytes = new Uint8Array(54 + height * width * 3).fill(200);
  const view = new DataView(bytes.buffer);
  bytes.fill(0, 0, 54);
  view.setUint16(0, 0x4d42, true);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  return bytes;
}

Deno.test("decodeImage() does not pile up what the platform decodes", async () => {
  const [height, width] = [900, 1200];
  const bmp = writeBmp(height, width);
  const decode = async (times: number) => {
    for (let time = 0; time < times; time++) await decodeImage(bmp);
    return Deno.memoryUsage().rss / megabyte;
  };
  const before = await decode(20);
  const after = await decode(50); // of 4 MB in the platform's memory each, and as much as a file
  assertLess(after - before, 180);
});
