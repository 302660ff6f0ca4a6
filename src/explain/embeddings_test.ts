import { assertEquals, assertThrows } from "@std/assert";
import { encodeNpy } from "../draw/npy.ts";
import { classesOf, isNamedEmbeddings } from "./embeddings.ts";
import { readEmbeddings } from "./read_embeddings.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("readEmbeddings() reads one embedding, or several by name", async (t) => {
  const one = Float32Array.of(1, 2, 3);
  const two = { "embedding 0": Float32Array.of(1, 2), "embedding 1": Float32Array.of(3, 4) };
  const cases: readonly (readonly [name: string, bytes: Uint8Array, read: unknown])[] = [
    ["a list", encode(" [1, 2, 3]"), one],
    ["a list in a list", encode("\ufeff[[1, 2, 3]]"), one],
    ["rows", encode("[[1, 2], [3, 4]]"), { "embedding 0": [1, 2], "embedding 1": [3, 4] }],
    [
      "by name, some in a batch",
      encode('{"a cat": [1, 2], "a dog": [[3, 4]], "logit_scale": 50}'),
      { "a cat": [1, 2], "a dog": [3, 4], logit_scale: 50 },
    ],
    ["one of NumPy's", encodeNpy(one, [3]), one],
    ["one of NumPy's in a batch", encodeNpy(one, [1, 3]), one],
    ["rows of NumPy's", encodeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]), two],
    ["rows of NumPy's in a batch", encodeNpy(Float32Array.of(1, 2, 3, 4), [1, 2, 2]), two],
    ["a photo", Uint8Array.of(0xff, 0xd8, 0xff), undefined],
    ["nothing", new Uint8Array(), undefined],
  ];
  for (const [name, bytes, read] of cases) {
    await t.step(name, () => assertEquals(readEmbeddings(bytes, '"x"') as unknown, read));
  }
});

Deno.test("readEmbeddings() says in one line what is no embedding", async (t) => {
  const wanted = 'it is neither a list of numbers nor embeddings by name, such as { "a cat": [0.1, …] }';
  const cases: readonly (readonly [bytes: Uint8Array, message: string])[] = [
    [encode("[]"), wanted],
    [encode('["a"]'), wanted],
    [encode("[[1], []]"), wanted],
    [encode("{}"), wanted],
    [encode('{"a": [1, "b"]}'), wanted],
    [encode('{"a": 3}'), wanted],
    [encode('{"a": [1], "scale": 3}'), wanted],
    [encode("[1, 2"), "Expected"],
    [encodeNpy(new Float32Array(8), [2, 2, 2]), "it is an array of 2 × 2 × 2 numbers, not of embeddings"],
    [encodeNpy(new Float32Array(0), [0, 4]), "it holds no embedding"],
    [encodeNpy(new Float32Array(1), []), "it is an array of no numbers, not of embeddings"],
    [encodeNpy(Float32Array.of(1, 2), [2]).subarray(0, 130), "it is cut short"],
    [encode('{"a": [1, null]}'), wanted],
  ];
  for (const [bytes, message] of cases) {
    await t.step(message, () => {
      assertThrows(
        () => readEmbeddings(bytes, '"x.npy"'),
        Error,
        `Cannot read an embedding from "x.npy": ${message}`,
      );
    });
  }
});

Deno.test("classesOf() checks embeddings", async (t) => {
  await t.step("names, numbers and the scale", () => {
    const classes = classesOf({ cat: [1, 2], logit_scale: 7, dog: Float32Array.of(3, 4) });
    assertEquals(classes, {
      names: ["cat", "dog"],
      vectors: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
      scale: 7,
    });
    assertEquals(classesOf({ cat: [1] }).scale, 100);
  });
  const cases: readonly (readonly [Parameters<typeof classesOf>[0], string])[] = [
    [
      { cat: [1, 2], dog: [1] },
      'Cannot compare embeddings of 2 and 1 numbers ("cat", "dog"): give equally long ones',
    ],
    [{ cat: [] }, 'Cannot use the embedding "cat": give one or more numbers'],
    [{ cat: [NaN] }, 'Cannot use the embedding "cat": give one or more numbers'],
    [{ cat: [1], logit_scale: 0 }, 'Cannot use logit_scale "0": use a number above 0'],
  ];
  for (const [embeddings, message] of cases) {
    await t.step(message, () => {
      assertThrows(() => classesOf(embeddings), RangeError, message);
    });
  }
});

Deno.test("isNamedEmbeddings() tells them from photos", () => {
  const pixels = { data: new Uint8ClampedArray(4), height: 1, width: 1 };
  const values = [
    pixels,
    { ...pixels, data: [1, 2, 3, 4] },
    new URL("file:///a"),
    new Uint8Array(2),
    [1],
    null,
    {},
  ];
  assertEquals(values.filter(isNamedEmbeddings), []);
  assertEquals(isNamedEmbeddings({ a: [1] }), true);
});
