/** The load generator against a service of a few lines, and its arithmetic. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { prepareSendings, runClients } from "./service/client.ts";
import { startPinging } from "./service/health.ts";
import { readLoadOptions } from "./service/load_options.ts";
import type { Photo } from "./service/photos.ts";
import { loadTable, percentile } from "./service/table.ts";

/** Photos of one byte, its number. */
const photos = [1, 2, 3, 4].map((index): Photo => ({
  bytes: new Uint8Array([index]),
  type: "image/png",
  size: [1, 1],
}));

/** A service that answers a photo with its number as class. */
async function withService(
  answer: (index: number, request: Request) => Response | Promise<Response>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    return await answer(body[0] ?? 0, request);
  });
  try {
    await use(`http://127.0.0.1:${server.addr.port}/explain`);
  } finally {
    await server.shutdown();
  }
}

const right = (index: number) =>
  new Response("x", { headers: { "gradcam-class": `${index}`, "gradcam-score": "0.5" } });

Deno.test("runClients() finds every answer to be its photo's own", async () => {
  await withService(right, async (url) => {
    const sendings = await prepareSendings(url, photos);
    const seen = await runClients(url, sendings, { clients: 3, photos: 30 });
    assertEquals([seen.ms.length, seen.busy, seen.wrong], [30, 0, []]);
    assert(seen.seconds > 0);
  });
});

Deno.test("runClients() finds answers that are another photo's", async () => {
  let asked = 0;
  const mixed = (index: number) => right(++asked <= photos.length ? index : index === 2 ? 3 : index);
  await withService(mixed, async (url) => {
    const sendings = await prepareSendings(url, photos);
    const { wrong } = await runClients(url, sendings, { clients: 4, photos: 40 });
    assert(wrong.length > 0);
    for (const line of wrong) {
      assert(line.includes('"classIndex":"3"') && line.includes('"classIndex":"2"'), line);
    }
  });
});

Deno.test("runClients() tries again after 503 when it is told to, and counts it", async () => {
  let asked = 0;
  const busy = () => new Response(null, { status: 503, headers: { "retry-after": "1" } });
  await withService((index) => ++asked === photos.length + 1 ? busy() : right(index), async (url) => {
    const sendings = await prepareSendings(url, photos);
    const seen = await runClients(url, sendings, { clients: 1, photos: 2 });
    assertEquals([seen.ms.length, seen.busy, seen.wrong], [2, 1, []]);
    assert(seen.ms[0]! >= 1000);
  });
});

Deno.test("runClients() takes 503 without a time, and lost connections, for wrong", async () => {
  let asked = 0;
  await withService((index) => {
    asked++;
    if (asked <= photos.length) return right(index);
    return new Response(null, { status: asked % 2 === 0 ? 503 : 500 });
  }, async (url) => {
    const sendings = await prepareSendings(url, photos);
    const { wrong } = await runClients(url, sendings, { clients: 2, photos: 6 });
    assertEquals(wrong.length, 6);
  });
});

Deno.test("prepareSendings() refuses photos that cannot be told apart", async () => {
  await withService(() => right(7), async (url) => {
    await assertRejects(() => prepareSendings(url, photos), Error, "Two photos have the same answer");
  });
});

Deno.test("startPinging() gives what each answer took", async () => {
  await withService(right, async (url) => {
    const pinging = await startPinging({ url, path: "/health", everyMs: 5 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const ms = await pinging.end();
    assert(ms.length >= 2 && ms.every((each) => each > 0 && each < 1000));
  });
});

Deno.test("percentile()", () => {
  const values = [4, 1, 3, 2];
  assertEquals([0, 0.25, 0.5, 0.75, 0.99, 1].map((part) => percentile(values, part)), [1, 1, 2, 3, 4, 4]);
  assertEquals(percentile([], 0.5), NaN);
});

Deno.test("loadTable() has a row for each measurement", () => {
  const seen = { ms: [10, 20, 30, 40], busy: 3, wrong: [], seconds: 2 };
  assertEquals(
    loadTable([{ way: "serve", photos: "small", clients: 8, seen }]).split("\n").at(-1),
    "| `serve` | small | 8 | 2.0 | 20 | 40 | 40 | 3 | 0 |",
  );
});

Deno.test("readLoadOptions()", async (t) => {
  const refused: readonly (readonly [string, string])[] = [
    ["--clients=0", "Cannot use --clients"],
    ["--clients=1,65", "from 1 to 64"],
    ["--ways=none", 'Unknown --ways "none": use some of one, '],
    ["--photos=large", 'Unknown --photos "large"'],
    ["--seconds=never", 'Cannot use --seconds "never"'],
  ];
  for (const [argument, message] of refused) {
    await t.step(argument, () => void assertThrows(() => readLoadOptions([argument]), RangeError, message));
  }
  await t.step("what is named is measured alone", () => {
    assertEquals([[], ["--memory"], ["--soak=1", "--health"]].map((args) => readLoadOptions(args).parts), [
      ["load"],
      ["memory"],
      ["health", "soak"],
    ]);
  });
});
