import { assertEquals, assertRejects } from "@std/assert";
import { KindLock } from "./kind_lock.ts";

/** Somebody who enters, notes that, and leaves when told to. */
function visitor(lock: KindLock, inside: string[], name: string, kind?: string, signal?: AbortSignal) {
  const leaving = Promise.withResolvers<void>();
  const done = (async () => {
    await lock.enter(kind, signal);
    inside.push(name);
    await leaving.promise;
    inside.splice(inside.indexOf(name), 1);
    lock.leave();
  })();
  return { done, leave: () => (leaving.resolve(), done) };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

Deno.test("KindLock lets in one kind at a time, in the order of arrival", async () => {
  const lock = new KindLock();
  const inside: string[] = [];
  const [a, b, c, d, e] = [
    visitor(lock, inside, "a", "gpu"),
    visitor(lock, inside, "b", "gpu"),
    visitor(lock, inside, "c", "cpu"),
    visitor(lock, inside, "d", "gpu"),
    visitor(lock, inside, "e"),
  ];
  await settled();
  assertEquals(inside, ["a", "b"]); // d would fit, but c came first
  await a.leave();
  assertEquals(inside, ["b"]);
  await b.leave();
  await settled();
  assertEquals(inside, ["c"]);
  await c.leave();
  await settled();
  assertEquals(inside, ["d", "e"]);
  await Promise.all([d.leave(), e.leave()]);
  assertEquals(inside, []);
});

Deno.test("KindLock lets go of who no longer wants to wait, and those behind in", async () => {
  const lock = new KindLock();
  const inside: string[] = [];
  const controller = new AbortController();
  const a = visitor(lock, inside, "a", "gpu");
  const b = visitor(lock, inside, "b", "cpu", controller.signal);
  const c = visitor(lock, inside, "c", "gpu");
  await settled();
  assertEquals(inside, ["a"]);
  controller.abort(new Error("enough"));
  await assertRejects(() => b.done, Error, "enough");
  await settled();
  assertEquals(inside, ["a", "c"]);
  await Promise.all([a.leave(), c.leave()]);
  const d = visitor(lock, inside, "d", "cpu");
  await settled();
  assertEquals(inside, ["d"]);
  await d.leave();
  await assertRejects(() => lock.enter("cpu", AbortSignal.abort(new Error("before"))), Error, "before");
});
