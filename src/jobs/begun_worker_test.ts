import { assertEquals, assertStringIncludes } from "@std/assert";
import { beginWorker, dropWorker, takeWorker, type WorkerListener } from "./begun_worker.ts";

function programOf(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** A listener, and what it hears first. */
function hearing(): { listener: WorkerListener; heard: Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const listener: WorkerListener = {
    message: ({ data }) => resolve(data),
    error: ({ message }) => resolve(message),
    unreadable: () => resolve("unreadable"),
  };
  return { listener, heard: promise };
}

/** Let what a worker says come. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 200));

Deno.test("takeWorker() tells what a worker that was begun before has said, once", async () => {
  const program = programOf("postMessage(crypto.randomUUID())");
  beginWorker(program);
  beginWorker(program); // which is the same one
  await pause();
  const [begun, fresh] = [hearing(), hearing()];
  const workers = [takeWorker(program, begun.listener), takeWorker(program, fresh.listener)];
  const ids = await Promise.all([begun.heard, fresh.heard]);
  assertEquals(ids.map((id) => id.length), [36, 36]);
  assertEquals(new Set(ids).size, 2, "A second worker is another one");
  for (const worker of workers) worker.terminate();
});

Deno.test("takeWorker() tells that a worker that was begun before has failed", async () => {
  const program = programOf("throw new Error('not here')");
  beginWorker(program);
  await pause();
  const { listener, heard } = hearing();
  takeWorker(program, listener).terminate();
  assertStringIncludes(await heard, "not here");
});

Deno.test("dropWorker() ends a worker that nobody has taken", () => {
  const program = programOf("setInterval(() => {}, 10)");
  beginWorker(program);
  dropWorker(program); // else the sanitizer of the test finds it
  dropWorker(program);
});
