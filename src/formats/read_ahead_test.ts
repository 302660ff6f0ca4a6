import { assertEquals, assertRejects } from "@std/assert";
import type { ModelFolder } from "./model_folder.ts";
import { readAhead } from "./read_ahead.ts";

/** A folder that notes what is read of it; each reading ends when it is stopped or told to end. */
class SlowFolder implements ModelFolder {
  readonly name = "slow";
  readonly main: Uint8Array;
  readonly asked: string[] = [];
  readonly stopped: string[] = [];
  readonly #ends = new Map<string, () => void>();

  constructor(main: string) {
    this.main = new TextEncoder().encode(main);
  }

  read(name: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    this.asked.push(name);
    return new Promise((resolve, reject) => {
      this.#ends.set(name, () => resolve(new TextEncoder().encode(name)));
      signal?.addEventListener("abort", () => {
        this.stopped.push(name);
        reject(signal.reason);
      });
    });
  }

  /** End a reading. */
  end(name: string): void {
    this.#ends.get(name)!();
  }
}

const manifest =
  `{ "weightsManifest": [{ "paths": ["a.bin", "sub/b.bin"], "weights": [] }, {"paths":["c.bin"]}] }`;

async function textOf(reading: Promise<Uint8Array | undefined>): Promise<string> {
  return new TextDecoder().decode(await reading);
}

Deno.test("readAhead() reads each weights file once, before it is asked for", async () => {
  const folder = new SlowFolder(manifest);
  const texts = await readAhead(folder, async (ahead) => {
    assertEquals(folder.asked, ["a.bin", "sub/b.bin", "c.bin"]);
    const readings = ["a.bin", "c.bin", "labels.txt"].map((name) => textOf(ahead.read(name)));
    assertEquals(folder.asked.slice(3), ["labels.txt"]);
    for (const name of ["c.bin", "a.bin", "labels.txt"]) folder.end(name);
    return await Promise.all(readings);
  });
  assertEquals(texts, ["a.bin", "c.bin", "labels.txt"]);
  assertEquals(folder.stopped.includes("sub/b.bin"), true, "what nobody asked for is stopped");
});

Deno.test("readAhead() stops all when one is stopped, or the model cannot be opened", async () => {
  const folder = new SlowFolder(manifest);
  const controller = new AbortController();
  await assertRejects(
    () =>
      readAhead(folder, async (ahead) => {
        const reading = ahead.read("a.bin", controller.signal);
        controller.abort(new TypeError("no longer needed"));
        await assertRejects(() => reading, TypeError, "no longer needed");
        assertEquals(folder.stopped, ["a.bin", "sub/b.bin", "c.bin"]);
        throw new RangeError("it is damaged");
      }),
    RangeError,
    "it is damaged",
  );
});

Deno.test("readAhead() reads nothing of what is no model.json, or damaged", async () => {
  for (const main of ["", "\x89HDF", `{ "paths": ["a.bin", ] }`, `{ "paths": [1, null] }`, `["paths"]`]) {
    const folder = new SlowFolder(main);
    assertEquals(await readAhead(folder, (ahead) => Promise.resolve(ahead.name)), "slow");
    assertEquals(folder.asked, [], main);
  }
});
