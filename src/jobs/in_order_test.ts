import { assertEquals, assertRejects } from "@std/assert";
import { Feed } from "./feed.ts";
import { inOrder } from "./in_order.ts";

/** Resolves when what is under way has had its turn. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** Work whose ends are told by hand. */
function byHand() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const work = (item: string) => {
    begun.push(item);
    ends.set(item, Promise.withResolvers());
    return ends.get(item)!.promise;
  };
  return { begun, work, end: (item: string) => ends.get(item)!.resolve(item.toUpperCase()) };
}

Deno.test("inOrder() begins a few, and gives results in the items' order", async () => {
  const { begun, work, end } = byHand();
  const results = inOrder(new Feed([..."abcdef"]), 3, work);
  assertEquals(begun, []);
  const first = results.next();
  await turn();
  assertEquals(begun, ["a", "b", "c"]);
  end("c");
  end("b");
  await turn();
  assertEquals(begun, ["a", "b", "c"]); // nothing is taken while the first is waited for
  end("a");
  assertEquals(await first, { done: false, value: "A" });
  await turn();
  assertEquals(begun, ["a", "b", "c"]); // nor while nobody asks
  assertEquals(await results.next(), { done: false, value: "B" });
  await turn();
  assertEquals(begun, ["a", "b", "c", "d"]);
  assertEquals((await results.next()).value, "C");
  const fourth = results.next();
  await turn();
  assertEquals(begun, ["a", "b", "c", "d", "e", "f"]);
  for (const item of ["f", "e", "d"]) end(item);
  assertEquals([await fourth, await results.next(), await results.next()].map(({ value }) => value), [
    ..."DEF",
  ]);
  assertEquals(await results.next(), { done: true, value: undefined });
});

Deno.test("inOrder() gives a result while the feed is waited for", async () => {
  const { begun, work, end } = byHand();
  const second = Promise.withResolvers<void>();
  const results = inOrder(
    new Feed((async function* () {
      yield "a";
      await second.promise;
      yield "b";
    })()),
    3,
    work,
  );
  const first = results.next();
  await turn();
  end("a");
  assertEquals((await first).value, "A");
  assertEquals(begun, ["a"]);
  second.resolve();
  const last = results.next();
  await turn();
  end("b");
  assertEquals([(await last).value, (await results.next()).done], ["B", true]);
});

Deno.test("inOrder() tells an error in its turn", async (t) => {
  await t.step("of the feed, after the results of what came before", async () => {
    function* items() {
      yield 1;
      yield 2;
      throw new RangeError("no third");
    }
    const results = inOrder(new Feed(items()), 5, (item) => Promise.resolve(item));
    assertEquals([(await results.next()).value, (await results.next()).value], [1, 2]);
    await assertRejects(() => results.next(), RangeError, "no third");
  });
  await t.step("of the work, after the results before it", async () => {
    const results = inOrder(new Feed([1, 2, 3]), 3, async (item) => {
      await turn();
      if (item === 2) throw new RangeError("not 2");
      return item;
    });
    assertEquals((await results.next()).value, 1);
    await assertRejects(() => results.next(), RangeError, "not 2");
    assertEquals((await results.next()).done, true);
  });
});

Deno.test("Feed ends its source, and its waiting when a signal is given", async () => {
  let isClosed = false;
  const stream = new ReadableStream<number>({
    pull: (controller) => controller.enqueue(1),
    cancel: () => void (isClosed = true),
  });
  const feed = new Feed(stream);
  assertEquals((await feed.next()).value, 1);
  await feed.close();
  assertEquals(isClosed, true);
  const abortion = new AbortController();
  const never = new Feed(new ReadableStream<number>(), abortion.signal);
  const next = never.next();
  abortion.abort(new RangeError("enough"));
  await assertRejects(() => next, RangeError, "enough");
  await never.close(); // does not wait for what never comes
});
