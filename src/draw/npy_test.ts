import { assertEquals, assertThrows } from "@std/assert";
import { encodeNpy } from "./npy.ts";

Deno.test("encodeNpy() writes NumPy's format", () => {
  const bytes = encodeNpy(Float32Array.of(0, 0.5, 1, -2, 0.25, 8), [2, 3]);
  assertEquals(bytes.length, 128 + 24);
  assertEquals([...bytes.subarray(0, 10)], [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  const header = new TextDecoder().decode(bytes.subarray(10, 128));
  assertEquals(header, `${"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117)}\n`);
  assertEquals([...bytes.subarray(128, 140)], [0, 0, 0, 0, 0, 0, 0, 0x3f, 0, 0, 0x80, 0x3f]);
});

Deno.test("encodeNpy() writes one axis as NumPy does", () => {
  const header = new TextDecoder().decode(encodeNpy(Float32Array.of(1, 2), [2]).subarray(10, 70));
  assertEquals(header.includes("'shape': (2,), }"), true);
});

Deno.test("encodeNpy() refuses a shape that does not fit", () => {
  assertThrows(
    () => encodeNpy(new Float32Array(5), [2, 3]),
    RangeError,
    "Cannot write 5 numbers as an array of 2 × 3",
  );
});
