/** Boxes round the regions of a map, over HTTP. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeImage } from "../input/image/mod.ts";
import { posted, withService } from "./testing.ts";

Deno.test("The service draws boxes, and has them in JSON, where they are asked for", async () => {
  await withService({}, async ({ ask }) => {
    const regionsOf = async (query: string) => {
      const response = await ask(`/v1/explain?format=json&${query}`, posted());
      assertEquals(response.status, 200);
      const { maps: [{ regions }] } = await response.json();
      return regions;
    };
    assertEquals(await regionsOf(""), undefined);
    const areas: number[] = [];
    for (const query of ["", "&threshold=otsu", "&threshold=quantile&level=0.9", "&level=0.6"]) {
      const [{ box, area, share, contour }] = await regionsOf(`boxes=true${query}`);
      assert(box.x >= 0 && box.y >= 0 && box.x + box.width <= 40 && box.y + box.height <= 26);
      assert(area > 0 && area <= box.width * box.height / (40 * 26) + 1e-6 && share > 0 && share <= 1);
      assert(contour.length > 3);
      areas.push(area);
    }
    assert(areas[3]! < areas[0]!, "What is above more is smaller");
    const pictureOf = async (query: string) => {
      const response = await ask(`/v1/explain?${query}`, posted());
      return (await decodeImage(new Uint8Array(await response.arrayBuffer()))).data;
    };
    const [drawn, plain] = [await pictureOf("boxes=true"), await pictureOf("")];
    assertEquals(drawn.length, plain.length);
    assert(drawn.some((value, at) => value !== plain[at]));
  });
});

Deno.test("The service says what is wrong with a threshold", async (t) => {
  const cases: readonly [query: string, status: number, says: string][] = [
    ["boxes=true&threshold=otsu&level=0.3", 422, "Cannot use level 0.3 with otsu: it finds the value itself"],
    ["boxes=true&level=2", 400, "Cannot use level 2: it is from 0 to 1"],
    ["boxes=true&threshold=mean", 422, 'threshold "mean"'],
    ["boxes=perhaps", 400, 'Cannot use boxes "perhaps"'],
  ];
  await withService({}, async ({ ask }) => {
    for (const [query, status, says] of cases) {
      await t.step(query, async () => {
        const response = await ask(`/v1/explain?${query}`, posted());
        assertEquals(response.status, status);
        assertStringIncludes((await response.json()).detail, says);
      });
    }
  });
});
