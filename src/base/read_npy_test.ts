import { assertEquals, assertThrows } from "@std/assert";
import { encodeNpy } from "../draw/npy.ts";
import { isNpy, readNpy } from "./read_npy.ts";

/** A file of NumPy's, of a version, with a header and numbers. */
function npy(header: string, numbers: ArrayBuffer, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const length = version === 1 ? [text.length, 0] : [text.length, 0, 0, 0];
  return Uint8Array.from([
    ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0],
    ...length,
    ...text,
    ...new Uint8Array(numbers),
  ]);
}

function headerOf(descr: string, shape: string, order = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

Deno.test("readNpy() reads what encodeNpy() writes", () => {
  const data = Float32Array.of(1, -2, 3.5, 0, 1e-9, 6);
  const bytes = encodeNpy(data, [2, 3]);
  assertEquals(isNpy(bytes), true);
  assertEquals(readNpy(bytes), { data, shape: [2, 3] });
});

Deno.test("readNpy() reads numbers of all types", async (t) => {
  const big = new DataView(new ArrayBuffer(8));
  big.setFloat32(0, 1.5);
  big.setFloat32(4, -2);
  const cases: readonly (readonly [descr: string, numbers: ArrayBuffer, data: readonly number[]])[] = [
    ["<f2", new Uint16Array([0x3e00, 0xc000]).buffer, [1.5, -2]],
    ["<f8", new Float64Array([1.5, -2]).buffer, [1.5, -2]],
    [">f4", big.buffer, [1.5, -2]],
    ["|u1", new Uint8Array([7, 255]).buffer, [7, 255]],
    ["|i1", new Int8Array([7, -1]).buffer, [7, -1]],
    ["<i8", new BigInt64Array([7n, -1n]).buffer, [7, -1]],
  ];
  for (const [descr, numbers, data] of cases) {
    await t.step(descr, () => {
      for (const version of [1, 2]) {
        const read = readNpy(npy(headerOf(descr, "(2,)"), numbers, version));
        assertEquals(read, { data: Float32Array.from(data), shape: [2] });
      }
    });
  }
});

Deno.test("readNpy() says what it cannot read", async (t) => {
  const two = new Float32Array(2).buffer;
  const cases: readonly (readonly [bytes: Uint8Array, message: string])[] = [
    [npy(headerOf("<f4", "(3,)"), two), "it is cut short"],
    [npy(headerOf("<f4", "(99999999999,)"), two), "it is cut short"],
    [npy(headerOf("<f4", "(1, 2)", "True"), two), "its columns lie after one another"],
    [npy(headerOf("|O", "(2,)"), two), 'it holds "|O", not numbers'],
    [npy(headerOf("<c8", "(1,)"), two), 'it holds "<c8", not numbers'],
    [npy("{'descr': '<f4'}", two), "its header says no shape"],
    [npy(headerOf("<f4", "(-1,)"), two), "its header says no shape"],
    [npy(headerOf("<f4", "(2,)"), two).subarray(0, 9), "it is cut short"],
    [npy(headerOf("<f4", "(2,)"), two).subarray(0, 30), "it is cut short"],
  ];
  for (const [bytes, message] of cases) {
    await t.step(message, () => {
      assertThrows(() => readNpy(bytes), TypeError, message);
    });
  }
});
