import { assertEquals } from "@std/assert";
import { JoinedBytes } from "./bytes.ts";

Deno.test("JoinedBytes.slice() copies only what lies in several chunks", () => {
  const chunks = [Uint8Array.of(0, 1, 2), new Uint8Array(), Uint8Array.of(3, 4), Uint8Array.of(5)];
  const bytes = new JoinedBytes(chunks);
  assertEquals(bytes.length, 6);
  for (let start = 0; start <= 6; start++) {
    for (let end = start; end <= 6; end++) {
      const expected = Array.from({ length: end - start }, (_, index) => start + index);
      assertEquals([...bytes.slice(start, end)], expected);
    }
  }
  assertEquals(bytes.slice(1, 3).buffer, chunks[0]!.buffer);
  assertEquals([...bytes.slice(2, 4)], [2, 3]);
  assertEquals(new JoinedBytes([]).length, 0);
});
