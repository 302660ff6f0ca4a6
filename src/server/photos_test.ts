import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { PhotoCache } from "./photos.ts";
import { Problem } from "./problem.ts";

/** A photo of some bytes, all alike. */
function photo(length: number, value = 7, name?: string) {
  return { bytes: new Uint8Array(length).fill(value), name };
}

function codeOf(run: () => unknown): string | undefined {
  return assertThrows(run, Problem).code;
}

Deno.test("PhotoCache gives copies of what it keeps", () => {
  const cache = new PhotoCache();
  const given = photo(4, 7, "tom.png");
  const id = cache.keep(given);
  given.bytes.fill(0);
  const first = cache.get(id);
  assertEquals(first, photo(4, 7, "tom.png"));
  structuredClone(first.bytes, { transfer: [first.bytes.buffer] }); // as a worker takes it
  assertEquals(cache.get(id), photo(4, 7, "tom.png"));
  assertNotEquals(cache.keep(given), id);
});

Deno.test("PhotoCache keeps views without the rest of their buffers", () => {
  const cache = new PhotoCache();
  const id = cache.keep({ bytes: new Uint8Array(1000).subarray(10, 20), name: undefined });
  assertEquals(cache.get(id).bytes.buffer.byteLength, 10);
  assertEquals(cache.state, { photos: 1, bytes: 10 });
});

Deno.test("PhotoCache drops those first that were not asked for the longest", () => {
  const cache = new PhotoCache({ maxBytes: 100 });
  const [a, b, c] = [1, 2, 3].map((value) => cache.keep(photo(30, value)));
  cache.get(a!);
  const d = cache.keep(photo(40, 4));
  assertEquals(cache.state, { photos: 3, bytes: 100 });
  assertEquals([a!, c!, d].map((id) => cache.get(id).bytes[0]), [1, 3, 4]);
  assertEquals(codeOf(() => cache.get(b!)), "photo-gone");
  cache.keep(photo(100));
  assertEquals(cache.state, { photos: 1, bytes: 100 });
  assertEquals(codeOf(() => cache.keep(photo(101))), "too-large");
  assertEquals(cache.state, { photos: 1, bytes: 100 });
});

Deno.test("PhotoCache drops what is too old, counted from when it was asked for last", () => {
  let now = 0;
  const cache = new PhotoCache({ maxAgeMs: 100 }, () => now);
  const a = cache.keep(photo(1));
  now = 60;
  const b = cache.keep(photo(2));
  now = 99;
  cache.get(a);
  now = 160;
  assertEquals(codeOf(() => cache.get(b)), "photo-gone");
  assertEquals(cache.state, { photos: 1, bytes: 1 });
  now = 199;
  assertEquals(codeOf(() => cache.get(a)), "photo-gone");
  assertEquals(cache.state, { photos: 0, bytes: 0 });
});

Deno.test("PhotoCache tells ids that are none, and that it is off", () => {
  const cache = new PhotoCache();
  for (const id of ["", "1", "constructor", "../etc/passwd", "x".repeat(1000), `${crypto.randomUUID()}0`]) {
    assertEquals(codeOf(() => cache.get(id)), "photo-id-invalid");
  }
  assertEquals(codeOf(() => cache.get(crypto.randomUUID())), "photo-gone");
  const off = new PhotoCache(false);
  assertEquals(codeOf(() => off.keep(photo(1))), "photos-not-kept");
  assertEquals(codeOf(() => off.get(crypto.randomUUID())), "photos-not-kept");
  assertEquals(off.state, { photos: 0, bytes: 0 });
});

Deno.test("PhotoCache bounds how many there are, however small", () => {
  const cache = new PhotoCache();
  const first = cache.keep(photo(1));
  for (let count = 0; count < 10_000; count++) cache.keep(photo(0));
  assert(cache.state.photos <= 10_000);
  assertEquals(codeOf(() => cache.get(first)), "photo-gone");
});

Deno.test("PhotoCache refuses bounds that make no sense", () => {
  for (const options of [{ maxBytes: -1 }, { maxAgeMs: NaN }]) {
    assertThrows(() => new PhotoCache(options), RangeError, Object.keys(options)[0]!);
  }
});
