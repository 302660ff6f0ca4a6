import { assertEquals, assertRejects } from "@std/assert";
import { Gate } from "./gate.ts";

Deno.test("Gate does last what nobody may want, and gives it up when it is told to", async () => {
  const gate = new Gate({ concurrency: () => 1, queue: 2 });
  const { signal } = new AbortController();
  const done: string[] = [];
  const work = (name: string) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    done.push(name);
  };
  const all = [
    gate.pass(work("first"), signal),
    gate.passLast(work("last"), signal),
    gate.pass(work("second"), signal),
    gate.passLast(work("very last"), signal),
    gate.pass(work("third"), signal), // those that are last take no place in the queue
  ];
  assertEquals(gate.state, { running: 1, waiting: 4 });
  await Promise.all(all);
  assertEquals(done, ["first", "second", "third", "last", "very last"]);
  const running = gate.pass(work("another"), signal);
  const dropped = gate.passLast(work("dropped"), signal);
  gate.dropLast(new Error("Nobody wants it"));
  await assertRejects(() => dropped, Error, "Nobody wants it");
  const leaving = new AbortController();
  const left = gate.passLast(work("left"), leaving.signal);
  leaving.abort(new Error("It has left"));
  await assertRejects(() => left, Error, "It has left");
  await running;
  assertEquals([done.at(-1), gate.state], ["another", { running: 0, waiting: 0 }]);
});
