import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeBase64 } from "../testing.ts";
import { posted, withService } from "../testing.ts";

const picture = "image/png";
const json = "application/json";
const npy = "application/octet-stream";
const form = "multipart/form-data";

Deno.test("v1ExplainRoute answers in the form that the client would rather have", async (t) => {
  const cases: readonly (readonly [query: string, accept: string | undefined, type: string | 406])[] = [
    ["", undefined, picture],
    ["", "*/*", picture],
    ["", "", picture],
    ["", "image/*", picture],
    ["", json, json],
    ["", "application/*", json],
    ["", npy, npy],
    ["", `${picture};q=0.4, ${json};q=0.5`, json],
    ["", `${json};q=0.4, ${picture};q=0.5`, picture],
    ["", `${picture};q=0, */*;q=0.1`, "image/jpeg"],
    ["", "text/html,application/xhtml+xml,image/avif,image/webp,*/*;q=0.8", "image/webp"],
    ["", "text/html", 406],
    ["", `${json};q=0`, 406],
    ["format=json", undefined, json],
    ["format=json", "*/*", json],
    ["format=json", picture, 406],
    ["format=npy", npy, npy],
    ["format=heatmap", `${json}, ${picture};q=0.1`, picture],
    ["format=heatmap", json, 406],
    ["format=json&format=overlay", undefined, form],
    ["format=json&format=overlay", `${json}, text/plain, */*`, json],
    ["format=json&format=overlay", `${form}, ${json};q=0.9`, form],
    ["format=json&format=overlay", picture, 406],
    ["format=overlay&format=npy", json, 406],
  ];
  await withService({}, async ({ ask, records }) => {
    for (const [query, accept, type] of cases) {
      await t.step(`${query} ${accept}`, async () => {
        const headers = accept === undefined ? undefined : { accept };
        const response = await ask(`/v1/explain?${query}`, posted(headers));
        const text = await response.text();
        const [got] = response.headers.get("content-type")!.split(";");
        if (type !== 406) return assertEquals([response.status, got], [200, type], text.slice(0, 300));
        const { code, detail } = JSON.parse(text);
        assertEquals([response.status, code], [406, "not-acceptable"]);
        assertStringIncludes(detail, "the types are ");
        assertEquals(records.at(-1)!.ms < 1000, true);
      });
    }
  });
});

Deno.test("v1ExplainRoute puts pictures into JSON, the same as alone", async () => {
  await withService({}, async ({ ask }) => {
    const query = "format=json&format=overlay&format=npy&class=bee";
    const response = await ask(`/v1/explain?${query}`, posted({ accept: json }));
    const { files, ...explanation } = await response.json();
    assertEquals(Object.keys(files), ["overlay", "npy"]);
    assertEquals(
      Object.values<{ mediaType: string; name: string }>(files).map((
        { mediaType, name },
      ) => [mediaType, name]),
      [[picture, "gradcam-overlay.png"], [npy, "gradcam-npy.npy"]],
    );
    for (const format of ["overlay", "npy"]) {
      const alone = await (await ask(`/v1/explain?format=${format}&class=bee`, posted())).bytes();
      assertEquals(decodeBase64(files[format].base64), alone);
    }
    const alone = await (await ask("/v1/explain?format=json&class=bee", posted())).json();
    assertEquals({ ...explanation, times: 0 }, { ...alone, times: 0 });
  });
});

Deno.test("v1ExplainRoute tells what the model does not have from what cannot be read", async (t) => {
  const cases: readonly (readonly [query: string, status: number, code: string])[] = [
    ["class=3", 422, "out-of-range"],
    ["class=wesp", 422, "class-not-found"],
    ["layer=none", 422, "layer-not-found"],
    ["output=4", 422, "out-of-range"],
    ["region=0,0,5,5", 422, "out-of-range"],
  ];
  await withService({}, async ({ ask }) => {
    for (const [query, status, code] of cases) {
      await t.step(query, async () => {
        const response = await ask(`/v1/explain?${query}`, posted());
        const problem = await response.json();
        assertEquals([response.status, problem.code], [status, code], problem.detail);
      });
    }
    const long = await (await ask(`/v1/explain?layer=${"x".repeat(30_000)}`, posted())).text();
    assert(long.length < 1000, long);
  });
});

Deno.test("v1ExplainRoute keeps a photo where it is asked to, and explains it by its id", async () => {
  await withService({}, async ({ ask }) => {
    const first = await ask("/v1/explain?keep=true&format=json", posted());
    const id = first.headers.get("gradcam-photo")!;
    const { scores } = await first.json();
    const ways: RequestInit[] = [
      { method: "POST" },
      { method: "POST", body: JSON.stringify({ photo: { id } }), headers: { "content-type": json } },
    ];
    for (const way of ways) {
      const again = await ask(`/v1/explain?format=json&class=bee${way.body ? "" : `&photo=${id}`}`, way);
      assertEquals([again.status, again.headers.get("gradcam-photo")], [200, id]);
      const { scores: same, maps: [map] } = await again.json();
      assertEquals([same, map.label], [scores, "bee"]);
    }
    const metrics = await (await ask("/metrics")).text();
    assertStringIncludes(metrics, "\ngradcam_kept_photos 1\n");
    const unkept = await ask("/v1/explain?format=npy", posted());
    await unkept.body?.cancel();
    assertEquals(unkept.headers.get("gradcam-photo"), null);
  });
});
