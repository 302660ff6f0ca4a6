import { assert, assertEquals, assertRejects } from "@std/assert";
import { LastingPool } from "./lasting_pool.ts";

/** A program whose tasks are words: what to do. */
const program = `
  import { followOrders } from "${new URL("./follow_orders.ts", import.meta.url)}";
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  followOrders({
    start: async () => {},
    prepare: async ({ ms }) => { await pause(ms); return crypto.randomUUID(); },
    fail: (error) => "failed: " + error.message,
    async run(task, name, signal) {
      if (task === "spin") while (true);
      if (task === "wait") await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (task === "throw") throw new Error("no");
      if (task === "die") setTimeout(() => { throw new Error("died"); }), await pause(1e6);
      return name;
    },
  });
`;
const always = new AbortController().signal;

async function withPool(
  options: { jobs: number; ms?: number; source?: string },
  use: (pool: LastingPool<{ ms: number }, string, string>) => Promise<void>,
): Promise<void> {
  const { jobs, ms = 0, source = program } = options;
  const location = new URL(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const setup = { ms };
  const pool = new LastingPool<{ ms: number }, string, string>({
    location,
    jobs,
    backend: {},
    setup,
    graceMs: 100,
  });
  try {
    await use(pool);
  } finally {
    pool.close();
    URL.revokeObjectURL(location.href);
  }
}

Deno.test("LastingPool.do() drops tasks, and ends and replaces workers that do not stop", async (t) => {
  await withPool({ jobs: 1 }, async (pool) => {
    const first = await pool.do({ task: "name" }, always);
    await t.step("an error is an answer", async () => {
      assertEquals(await pool.do({ task: "throw" }, always), "failed: no");
    });
    await t.step("a task that stops leaves the worker", async () => {
      await assertRejects(() => pool.do({ task: "wait" }, AbortSignal.timeout(20)), DOMException);
      assertEquals([await pool.do({ task: "name" }, always), pool.replaced], [first, 0]);
    });
    await t.step("a task that does not stop costs the worker", async () => {
      const start = performance.now();
      await assertRejects(() => pool.do({ task: "spin" }, AbortSignal.timeout(20)), DOMException);
      assert(performance.now() - start < 2000);
      const second = await pool.do({ task: "name" }, always);
      assertEquals([second === first, pool.replaced], [false, 1]);
    });
    await t.step("a worker that dies is replaced, and its task says so", async () => {
      await assertRejects(() => pool.do({ task: "die" }, always), Error, "Cannot run jobs: ");
      assertEquals((await pool.do({ task: "name" }, always)).length, first.length);
      assertEquals(pool.replaced, 2);
    });
    await t.step("a task that waits is given up, and those behind it are not", async () => {
      const gone = new AbortController();
      const long = pool.do({ task: "wait" }, AbortSignal.timeout(150));
      const waiting = pool.do({ task: "name" }, gone.signal);
      const behind = pool.do({ task: "name" }, always);
      gone.abort(new Error("left"));
      await assertRejects(() => waiting, Error, "left");
      await assertRejects(() => long, DOMException);
      assertEquals((await behind).length, first.length);
    });
  });
});

Deno.test("LastingPool.do() does not end a worker that prepares", async () => {
  await withPool({ jobs: 1, ms: 400 }, async (pool) => {
    await pool.running();
    await assertRejects(() => pool.do({ task: "name" }, AbortSignal.timeout(20)), DOMException);
    await assertRejects(() => pool.do({ task: "name" }, AbortSignal.timeout(20)), DOMException);
    await pool.do({ task: "name" }, always);
    assertEquals(pool.replaced, 0);
  });
});

Deno.test("LastingPool.do() has all workers at work when there is enough", async () => {
  await withPool({ jobs: 3 }, async (pool) => {
    for (let time = 0; time < 2; time++) {
      const names = await Promise.all([1, 2, 3].map(() => pool.do({ task: "name" }, always)));
      assertEquals(new Set(names).size, 3);
    }
  });
});

Deno.test("LastingPool.do() says that no worker can be started, each time", async () => {
  await withPool({ jobs: 1, source: "throw new Error('not here')" }, async (pool) => {
    for (let time = 0; time < 3; time++) {
      await assertRejects(() => pool.do({ task: "name" }, always), Error, "Cannot run jobs: ");
    }
  });
});
