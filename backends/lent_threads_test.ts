import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertLess } from "@std/assert";
import { leavingNoTensors } from "../src/testing/mod.ts";
import { borrowThreads, lendThreads, startOnLent, takeBorrowed } from "./lent_threads.ts";
import { selectBackend } from "./mod.ts";
import { jobWords } from "./simd/job_thread.ts";

/** Do something, and count the workers that are started meanwhile. */
async function countingWorkers(run: () => Promise<void>): Promise<number> {
  const { Worker } = globalThis;
  let made = 0;
  globalThis.Worker = new Proxy(Worker, {
    construct(target, given: ConstructorParameters<typeof Worker>) {
      made++;
      return new target(...given);
    },
  });
  try {
    await run();
  } finally {
    globalThis.Worker = Worker;
  }
  return made;
}

function fail(message: string): never {
  throw new Error(message);
}

/** A convolution that is worth dividing, of ones: each number within is 9 · 64, but for roundings. How far one is from it. */
async function convolve(): Promise<number> {
  return await leavingNoTensors(() =>
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([1, 60, 50, 64]), filter = tf.ones<tf.Rank.R4>([3, 3, 64, 64]);
      return tf.conv2d(x, filter, 1, "valid").sub(9 * 64).abs().max().dataSync()[0]!;
    })
  );
}

Deno.test("threads that were lent are used before others are started", async () => {
  await selectBackend({ backend: "wasm", threads: 1 });
  const lending = lendThreads(2, fail);
  borrowThreads(lending.lent);
  assertEquals(
    await countingWorkers(async () => void await selectBackend({ backend: "wasm", threads: 4 })),
    1,
  );
  assertEquals(takeBorrowed(), undefined);
  assertLess(await convolve(), 0.01);
  lending.end();
  assertLess(await convolve(), 0.01); // by this thread alone
  await selectBackend({ backend: "wasm", threads: 1 });
  assertEquals(
    await countingWorkers(async () => void await selectBackend({ backend: "wasm", threads: 2 })),
    1,
  );
  assertLess(await convolve(), 0.01);
});

Deno.test("threads that were lent leave when they are ended, whatever their borrower does", async () => {
  const lending = lendThreads(2, fail);
  const script = `
    self.onmessage = ({ data }) => {
      postMessage("waits");
      const words = new Int32Array(data, 0, ${jobWords.tasks});
      postMessage(Atomics.wait(words, ${jobWords.job}, 0, 20_000));
    };
  `;
  const { ports, jobs } = lending.lent;
  const start = startOnLent(ports, () => fail("there are no others"));
  const heard: unknown[] = [];
  const waiting = ports.map(() => Promise.withResolvers<void>()),
    left = ports.map(() => Promise.withResolvers<void>());
  for (const index of ports.keys()) {
    const worker = start(script, {
      message(data) {
        heard.push(data);
        (data === "waits" ? waiting : left)[index]!.resolve();
      },
      error: (error) => fail(String(error)),
    });
    worker.postMessage(jobs);
  }
  const timer = setTimeout(() => {}, 30_000); // idle workers let the test end
  await Promise.all(waiting.map(({ promise }) => promise));
  await new Promise((resolve) => setTimeout(resolve, 20));
  lending.end();
  await Promise.all(left.map(({ promise }) => promise));
  clearTimeout(timer);
  for (const port of ports) port.close();
  assertEquals(heard, ["waits", "waits", "ok", "ok"]);
});

Deno.test("where threads can share no memory, none are lent", async () => {
  const { SharedArrayBuffer } = globalThis;
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  try {
    assertEquals(await countingWorkers(() => Promise.resolve(void lendThreads(3, fail))), 0);
    await selectBackend({ backend: "cpu" });
    const { threads, skipped } = await selectBackend({ backend: "wasm", threads: 5 });
    const reason = "this platform has no SharedArrayBuffer";
    assertEquals([threads, skipped], [1, [{ name: "wasm, 5 threads", reason }]]);
  } finally {
    globalThis.SharedArrayBuffer = SharedArrayBuffer;
  }
});
