import { assertEquals } from "@std/assert";
import { bytesSource } from "../../platform/byte_source.ts";
import { WindowedBytes } from "./protobuf.ts";
import { readTensorFile } from "./model_proto.ts";
import { openTensor, type StoredTensor } from "./tensor_data.ts";
import { tensor } from "./testing.ts";

/** A tensor of raw bytes. */
function stored(type: number, numbers: ArrayBufferView<ArrayBuffer>, count: number): StoredTensor {
  const raw = new Uint8Array(numbers.buffer);
  const field = tensor("t", [count], { type, raw });
  const content = field.subarray(field.length - contentLength(field));
  return openTensor(readTensorFile(new WindowedBytes(bytesSource(content))));
}

/** How long the message in a field is: what follows its tag and its length. */
function contentLength(field: Uint8Array): number {
  let at = 1;
  while (field[at]! > 127) at++;
  return field.length - at - 1;
}

/** What sixteen bits stand for, by the definition. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const every = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

Deno.test("openTensor() reads every number of half precision", () => {
  const found = stored(10, every, 65536).read();
  assertEquals(Array.from(found), Array.from(every, half));
});

Deno.test("openTensor() reads every bfloat16 as the beginning of a float32", () => {
  const found = stored(16, every, 65536).read();
  const expected = new Float32Array(Uint32Array.from(every, (bits) => bits << 16 >>> 0).buffer);
  assertEquals(Array.from(found), Array.from(expected));
});

Deno.test("openTensor() reads parts of tensors", () => {
  const types: readonly [type: number, numbers: ArrayBufferView<ArrayBuffer>, expected: number[]][] = [
    [1, Float32Array.of(1, 2, 3, 4), [2, 3]],
    [11, Float64Array.of(1, 2, 3, 4), [2, 3]],
    [10, Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400), [2, 3]],
    [7, BigInt64Array.of(1n, -2n, 2n ** 40n, 4n), [-2, 2 ** 40]],
    [3, Int8Array.of(1, -2, 3, 4), [-2, 3]],
  ];
  for (const [type, numbers, expected] of types) {
    const { kind, readPart } = stored(type, numbers, 4);
    const target = kind.make(2);
    readPart!(1, target);
    assertEquals(Array.from(target), expected, kind.type);
  }
  assertEquals(stored(22, Uint8Array.of(0x21, 0x43), 4).readPart, undefined); // two numbers in a byte
});
