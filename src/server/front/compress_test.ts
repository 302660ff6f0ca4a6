import { assert, assertEquals } from "@std/assert";
import { posted, withService } from "../testing.ts";

async function unzip(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return await new Response(new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

Deno.test("compressText() compresses long text for those who take it", async (t) => {
  await withService({}, async ({ ask }) => {
    const plain = await (await ask("/v1/methods")).text();
    const cases: readonly (readonly [accepts: string, encoding: string | null])[] = [
      ["gzip", "gzip"],
      ["gzip, deflate, br, zstd", "gzip"],
      ["br;q=1.0, gzip;q=0.5", "gzip"],
      ["*", "gzip"],
      ["gzip;q=0", null],
      ["gzip;q=0.2, identity;q=0.9", null],
      ["br", null],
      ["identity", null],
      ["", null],
      ["gzip;q=nonsense", null],
    ];
    for (const [accepts, encoding] of cases) {
      await t.step(accepts || "nothing", async () => {
        const response = await ask("/v1/methods", { headers: { "accept-encoding": accepts } });
        const content = await response.bytes();
        assertEquals(response.headers.get("vary"), "accept-encoding");
        assertEquals(response.headers.get("content-encoding"), encoding);
        assertEquals(response.headers.get("content-length"), String(content.length));
        assertEquals(encoding ? await unzip(content) : new TextDecoder().decode(content), plain);
        if (encoding) assert(content.length < plain.length / 2);
      });
    }
  });
});

Deno.test("compressText() leaves pictures, arrays, forms and short answers as they are", async () => {
  await withService({}, async ({ ask }) => {
    const headers = { "accept-encoding": "gzip" };
    for (const format of ["overlay", "npy", "json&format=heatmap"]) {
      const response = await ask(`/v1/explain?format=${format}`, posted(headers));
      assertEquals([response.status, response.headers.get("content-encoding")], [200, null]);
      await response.body?.cancel();
    }
    const short = await ask("/healthz", { headers });
    assertEquals([short.headers.get("content-encoding"), await short.json()], [null, { status: "alive" }]);
    const long = await ask("/v1/explain?format=json", posted(headers));
    assertEquals(long.headers.get("content-encoding"), "gzip");
    assertEquals(JSON.parse(await unzip(await long.bytes())).layer, "features");
  });
});
