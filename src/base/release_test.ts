import { assertEquals } from "@std/assert";
import { release } from "./release.ts";

Deno.test("release() gives back what an array has alone", async (t) => {
  await t.step("a whole array, twice", () => {
    const whole = new Uint8ClampedArray([1, 2, 3]);
    release(whole);
    release(whole);
    assertEquals([whole.length, whole.buffer.detached], [0, true]);
  });
  const others: Readonly<Record<string, ArrayBufferView>> = {
    "a part": new Uint8Array([1, 2, 3]).subarray(1),
    "WebAssembly's memory, a part": new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer, 0, 3),
    "shared memory": new Uint8Array(new SharedArrayBuffer(3)),
  };
  for (const [name, view] of Object.entries(others)) {
    await t.step(name, () => {
      const { byteLength } = view;
      release(view);
      assertEquals(view.byteLength, byteLength);
    });
  }
});
