import { assertEquals } from "@std/assert";
import { findWorkers } from "./wasm_workers.ts";

/** Answers each message, and fails when it is told to. */
const script = `
  self.onmessage = ({ data }) => {
    if (data === "fail") throw new Error("as told");
    postMessage("got " + data);
  };
`;

/** Do something where Deno does not show how its own workers let the process exit. */
async function withoutCounter(run: () => Promise<void>): Promise<void> {
  const { prototype } = Worker;
  const own = Object.getOwnPropertyDescriptors(prototype);
  for (const symbol of Object.getOwnPropertySymbols(prototype)) Reflect.deleteProperty(prototype, symbol);
  try {
    await run();
  } finally {
    Object.defineProperties(prototype, own);
  }
}

/** Start a worker, and collect what it says until it fails. */
async function exchange(): Promise<unknown[]> {
  const start = await findWorkers();
  const heard: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const worker = start(script, {
    message(data) {
      heard.push(data);
      if (heard.length === 2) worker.postMessage("fail"); // errors come another way, and might overtake
    },
    error: (error) => resolve((error as Error).message),
  });
  for (const message of ["one", "two"]) worker.postMessage(message);
  const timer = setTimeout(() => resolve("it did not fail"), 10_000); // idle workers let the test end
  const why = await promise;
  clearTimeout(timer);
  await worker.terminate();
  return [...heard, why.includes("as told")];
}

Deno.test("findWorkers() starts workers that receive each message once, and tell of errors", async (t) => {
  const expected = ["got one", "got two", true];
  await t.step("Deno's own", async () => {
    const { Worker } = globalThis;
    let made = 0;
    globalThis.Worker = new Proxy(Worker, {
      construct(target, given: ConstructorParameters<typeof Worker>) {
        made++;
        return new target(...given);
      },
    });
    try {
      assertEquals(await exchange(), expected);
      assertEquals(made, 1);
    } finally {
      globalThis.Worker = Worker;
    }
  });
  await t.step("Node's", () =>
    withoutCounter(async () => {
      assertEquals(await exchange(), expected);
    }));
});
