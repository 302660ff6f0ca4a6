import { assertLess } from "@std/assert";
import { decodeImage, encodePng } from "./mod.ts";

const megabyte = 2 ** 20;

Deno.test("decodeImage() does not pile up what the platform decodes", async () => {
  const [height, width] = [900, 1200];
  const png = await encodePng({ data: new Uint8ClampedArray(height * width * 4).fill(200), height, width });
  const decode = async (times: number) => {
    for (let time = 0; time < times; time++) await decodeImage(png);
    return Deno.memoryUsage().rss / megabyte;
  };
  const before = await decode(20);
  const after = await decode(50); // of 4 MB in the platform's memory each, and as much as a file
  assertLess(after - before, 180);
});
