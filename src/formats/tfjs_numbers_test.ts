import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import type { Quantization } from "./tfjs_manifest.ts";
import { decodeInto } from "./tfjs_numbers.ts";

function decode(bytes: Uint8Array<ArrayBuffer>, dtype: string, count: number, quantization?: Quantization) {
  const target = new Float32Array(count);
  const spec = { name: "a", shape: [count], dtype, ...(quantization && { quantization }) };
  decodeInto(target, { spec, bytes }, "m");
  return target;
}

/** What 16 bits mean as a number of half precision, by the standard's own words. */
function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

Deno.test("decodeInto() reads every number that half precision has", () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, index) => index);
  const numbers = decode(new Uint8Array(bits.buffer), "float32", 65536, { dtype: "float16" });
  const wrong = [...bits].filter((value) => !Object.is(numbers[value], half(value)));
  assertEquals(wrong, []);
});

Deno.test("decodeInto() reads all types, wherever they begin", async (t) => {
  const scaled = { min: -1, scale: 0.5 };
  const cases: Record<
    string,
    { stored: ArrayBufferView<ArrayBuffer>; dtype: string; quantization?: Quantization; expected: number[] }
  > = {
    float32: { stored: Float32Array.of(1.5, -2), dtype: "float32", expected: [1.5, -2] },
    float16: { stored: Float16Array.of(1.5, -2), dtype: "float16", expected: [1.5, -2] },
    int32: { stored: Int32Array.of(7, -8), dtype: "int32", expected: [7, -8] },
    uint8: { stored: Uint8Array.of(7, 200), dtype: "uint8", expected: [7, 200] },
    bool: { stored: Uint8Array.of(1, 0), dtype: "bool", expected: [1, 0] },
    "float32 in 8 bits": {
      stored: Uint8Array.of(1, 2),
      dtype: "float32",
      quantization: { dtype: "uint8", ...scaled },
      expected: [-0.5, 0],
    },
    "float32 in 16 bits": {
      stored: Uint16Array.of(1, 1000),
      dtype: "float32",
      quantization: { dtype: "uint16", ...scaled },
      expected: [-0.5, 499],
    },
    "int32 in 8 bits": {
      stored: Uint8Array.of(4, 7),
      dtype: "int32",
      quantization: { dtype: "uint8", ...scaled },
      expected: [1, 3],
    },
  };
  for (const [name, { stored, dtype, quantization, expected }] of Object.entries(cases)) {
    for (const start of [0, 1]) {
      await t.step(`${name} from byte ${start}`, () => {
        const bytes = new Uint8Array(start + stored.byteLength);
        bytes.set(new Uint8Array(stored.buffer), start);
        assertEquals([...decode(bytes.subarray(start), dtype, 2, quantization)], expected);
      });
    }
  }
});

Deno.test("decodeInto() names a type that it does not know", () => {
  const message = 'Cannot open model "m": its weight "a" is of type "complex64": convert it to float32';
  assertThrows(() => decode(new Uint8Array(8), "complex64", 1), ModelError, message);
});
