import { assert, assertEquals } from "@std/assert";
import { HeapKeeper } from "./garbage.ts";

const heap = () => Deno.memoryUsage().heapTotal;

/** Leave an array of 80 MB behind that nobody needs, and say how much the heap took then. */
function litter(): number {
  return new Array(10_000_000).fill(0).length > 0 ? heap() : 0;
}

Deno.test("HeapKeeper clears the heap up once it has grown, and again when it has grown again", async () => {
  const keeper = new HeapKeeper();
  await keeper.clearUp(); // what this test itself loads may be enough
  for (let time = 0; time < 2; time++) {
    assertEquals(await keeper.clearUp(), false, "There is nothing to clear up");
    const littered = litter();
    assert(await keeper.clearUp());
    assert(heap() < littered - 60e6, `${littered} bytes became ${heap()}`);
  }
});

Deno.test("HeapKeeper clears up once when it is asked twice at a time", async () => {
  const keeper = new HeapKeeper();
  litter();
  const cleared = await Promise.all([keeper.clearUp(), keeper.clearUp()]);
  assertEquals(cleared, [true, false]);
});
