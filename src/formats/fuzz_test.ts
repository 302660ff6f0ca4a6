/**
 * Damaged files of all formats: one clear line, or a model; no hang, no leak. The seeds are the same each time;
 * GRADCAM_FUZZ sets how many files are tried, GRADCAM_FUZZ_FROM the first seed.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import type { FuzzRequest, FuzzResult } from "./fuzzing/testing.ts";

const trials = Number(Deno.env.get("GRADCAM_FUZZ") ?? 2000);
const from = Number(Deno.env.get("GRADCAM_FUZZ_FROM") ?? 0);

/** How long one damaged file may take, in ms. */
const limitMs = 5000;

/** What the worker tells: that it has started, of a trial before it, of a kind's results after all, of the end. */
interface Message {
  readonly kinds?: readonly string[];
  readonly kind?: string;
  readonly seed?: number;
  readonly result?: FuzzResult;
  readonly done?: boolean;
}

/** Run trials in a worker, which is ended where one hangs. */
async function run(): Promise<FuzzResult[]> {
  const worker = new Worker(new URL("./fuzzing/testing.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const results: FuzzResult[] = [];
  let at = "at its start";
  let timer = setTimeout(() => {}, 0);
  worker.onmessage = ({ data }: MessageEvent<Message>) => {
    clearTimeout(timer);
    if (data.kind !== undefined) at = `at "${data.kind}", seed ${data.seed}`;
    if (data.result) results.push(data.result);
    if (data.done) return resolve();
    timer = setTimeout(() => reject(new Error(`It hangs ${at}`)), limitMs);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`It breaks ${at}: ${event.message}`));
  };
  worker.postMessage({ from, trials } satisfies FuzzRequest);
  try {
    await promise;
    return results;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

Deno.test("loadModel() survives damaged files of all formats", async (t) => {
  const results = await run();
  assertGreater(results.length, 10);
  assertGreater(results.reduce((sum, { refused, opened }) => sum + refused + opened, 0), trials - 1);
  for (const { kind, refused, opened, failures, slowest } of results) {
    await t.step(`${kind}: ${refused} refused, ${opened} opened`, () => {
      assertEquals(failures, []);
      // A damage that goes unnoticed, or none that does, would test nothing.
      assertGreater(refused, 0);
      assert(slowest < limitMs, `One took ${slowest} ms`);
    });
  }
});
