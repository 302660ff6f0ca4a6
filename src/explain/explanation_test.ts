import { assertEquals, assertRejects } from "@std/assert";
import { OutputError } from "../base/errors.ts";
import { decodeImage } from "../input/image/mod.ts";
import { Explanation } from "./explanation.ts";

/** A map 1 high and 2 wide of a photo 2 high and 4 wide. */
function explanation(): Explanation {
  const heatmap = { data: Float32Array.of(0, 1), height: 1, width: 2 };
  return new Explanation({
    maps: [{ classIndex: 3, label: "cat", score: 0.5, heatmap, raw: heatmap, diagnosis: "ok", advice: "" }],
    scores: [{ classIndex: 3, label: "cat", score: 0.5 }],
    method: "gradcam",
    layer: "last",
    scoreKind: "output",
    backend: {
      name: "cpu",
      threads: 1,
      simd: false,
      adapter: null,
      software: false,
      skipped: [],
      warnings: [],
    },
    versions: {},
    times: {},
    warnings: [],
    photo: { data: new Uint8ClampedArray(2 * 4 * 4).fill(255), height: 2, width: 4 },
    placement: { x: 0, y: 0, height: 2, width: 4 },
  });
}

Deno.test("Explanation.save() writes what a path's ending asks for", async (t) => {
  const folder = await Deno.makeTempDir();
  const cases: readonly (readonly [name: string, start: string])[] = [
    ["map.png", "\x89PNG"],
    ["MAP.PNG", "\x89PNG"],
    ["map", "\x89PNG"],
    ["map.1", "\x89PNG"],
    ["map.npy", "\x93NUMPY"],
    ["map.json", "{"],
  ];
  for (const [name, start] of cases) {
    await t.step(name, async () => {
      await explanation().save(`${folder}/${name}`);
      const bytes = await Deno.readFile(`${folder}/${name}`);
      assertEquals(String.fromCharCode(...bytes.subarray(0, start.length)), start);
      await Deno.remove(`${folder}/${name}`);
    });
  }
  for (const ending of ["jpg", "JPEG", "gif", "webp"]) {
    await t.step(`no ${ending}`, async () => {
      const path = `${folder}/map.${ending}`;
      const { message } = await assertRejects(() => explanation().save(path), OutputError);
      assertEquals(
        message,
        `Cannot save "${path}" as ${ending.toUpperCase()}: pictures are written as PNG`,
      );
    });
  }
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder);
});

Deno.test("Explanation shows itself in Jupyter as its picture, and in consoles in three lines", async () => {
  const shown = explanation();
  const show = shown as unknown as Record<symbol, () => Promise<Record<string, string>>>;
  const bundle = await show[Symbol.for("Jupyter.display")]!();
  const picture = await decodeImage(Uint8Array.fromBase64(bundle["image/png"]!));
  assertEquals([picture.format, picture.height, picture.width], ["png", 2, 4]);
  assertEquals([...picture.data], [...(await shown.render("overlay")).data]);
  const lines = Deno.inspect(shown).split("\n");
  assertEquals(lines.length, 3);
  assertEquals(bundle["text/plain"], lines.join("\n"));
});
