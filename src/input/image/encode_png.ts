import type { RgbaImage } from "./types.ts";

/**
 * A picture as a PNG file.
 *
 * @param image The picture, 8-bit RGBA.
 * @throws {RangeError} If it has no pixels, or `data` does not hold height × width × 4 values.
 */
export async function encodePng({ data, height, width }: RgbaImage): Promise<Uint8Array> {
  if (height < 1 || width < 1 || data.length !== height * width * 4) {
    throw new RangeError(`Cannot write a PNG of ${width} × ${height} pixels from ${data.length} values`);
  }
  const [{ default: encode, init }, { binary }] = await Promise.all([
    import("npm:@jsquash/png@3.1.1/encode.js"),
    import("./png_binary.js"),
  ]);
  await init(binary);
  const isWhole = data.byteOffset === 0 && data.byteLength === data.buffer.byteLength;
  const pixels = isWhole ? data : data.slice(); // the encoder takes the whole buffer
  return new Uint8Array(await encode({ data: pixels, height, width } as ImageData));
}
