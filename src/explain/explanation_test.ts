import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { OutputError } from "../base/errors.ts";
import { decodeImage } from "../input/image/mod.ts";
import { Explanation, type ExplanationRecord, type SaveOptions } from "./explanation.ts";

/** A map 1 high and 2 wide of a photo 2 high and 4 wide. */
function explanation(record: Partial<ExplanationRecord> = {}): Explanation {
  const heatmap = { data: Float32Array.of(0, 1), height: 1, width: 2 };
  return new Explanation({
    maps: [{
      classIndex: 3,
      label: "cat",
      score: 0.5,
      method: "gradcam",
      relu: false,
      scale: "range",
      heatmap,
      raw: heatmap,
      diagnosis: "ok",
      advice: "",
    }],
    scores: [{ classIndex: 3, label: "cat", score: 0.5 }],
    method: "gradcam",
    layer: "last",
    scoreKind: "output",
    backend: {
      name: "cpu",
      threads: 1,
      simd: false,
      kernels: null,
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
    ...record,
  });
}

Deno.test("Explanation.save() writes what a path's ending asks for", async (t) => {
  const folder = await Deno.makeTempDir();
  const cases: readonly (readonly [name: string, start: string])[] = [
    ["map.png", "\x89PNG"],
    ["MAP.PNG", "\x89PNG"],
    ["map.jpg", "\xff\xd8\xff"],
    ["map.JPEG", "\xff\xd8\xff"],
    ["map.webp", "RIFF"],
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
  for (const ending of ["gif", "TIFF", "avif"]) {
    await t.step(`no ${ending}`, async () => {
      const path = `${folder}/map.${ending}`;
      const { message } = await assertRejects(() => explanation().save(path), OutputError);
      assertEquals(
        message,
        `Cannot save "${path}" as ${ending.toUpperCase()}: pictures are written as PNG, JPEG, WebP`,
      );
    });
  }
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder);
});

Deno.test("Explanation.save() writes pictures in the format that is asked for", async (t) => {
  const folder = await Deno.makeTempDir();
  const formatOf = async (name: string) =>
    (await decodeImage(await Deno.readFile(`${folder}/${name}`))).format;
  const cases: readonly (readonly [name: string, options: SaveOptions, format: string])[] = [
    ["a.jpg", { kind: "panel" }, "jpeg"],
    ["b.webp", { kind: "heatmap", quality: 40 }, "webp"],
    ["c", { format: "webp" }, "webp"],
    ["d.jpeg", { format: "jpeg", quality: 1 }, "jpeg"],
    ["e.picture", { kind: "overlay", format: "jpeg" }, "jpeg"],
    ["f.picture", { kind: "overlay" }, "png"],
  ];
  for (const [name, options, format] of cases) {
    await t.step(`${name} ${JSON.stringify(options)}`, async () => {
      await explanation().save(`${folder}/${name}`, options);
      assertEquals(await formatOf(name), format);
      await Deno.remove(`${folder}/${name}`);
    });
  }
  await t.step("data stay what they are", async () => {
    await explanation().save(`${folder}/map.json`, { format: "jpeg" });
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/map.json`)).layer, "last");
    await Deno.remove(`${folder}/map.json`);
  });
  const refused: readonly (readonly [name: string, options: SaveOptions, message: string])[] = [
    ["x.jpg", { format: "webp" }, "as WebP: use a name that ends in .webp"],
    ["x.webp", { format: "jpeg" }, "as JPEG: use a name that ends in .jpg or .jpeg"],
    ["x.gif", { kind: "panel" }, "as GIF: pictures are written as PNG, JPEG, WebP"],
    ["x.gif", { kind: "panel", format: "png" }, "as GIF: pictures are written as PNG, JPEG, WebP"],
  ];
  for (const [name, options, message] of refused) {
    await t.step(`not ${name} ${JSON.stringify(options)}`, async () => {
      const path = `${folder}/${name}`;
      await assertRejects(
        () => explanation().save(path, options),
        OutputError,
        `Cannot save "${path}" ${message}`,
      );
    });
  }
  await t.step("nor a PNG of a quality", async () => {
    await assertRejects(
      () => explanation().save(`${folder}/x.png`, { quality: 80 }),
      RangeError,
      "quality 80",
    );
  });
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder);
});

Deno.test("Explanation.encode() reduces large photos where it is asked to, and changes none", async (t) => {
  const [height, width] = [90, 300];
  const data = Uint8ClampedArray.from(
    { length: height * width * 4 },
    (_, at) => [200, 100, 50, 255][at % 4]!,
  );
  const photo = { data, height, width };
  const large = explanation({ photo, placement: { x: 150, y: 0, height, width: 150 } });
  for (const kind of ["overlay", "heatmap"] as const) {
    await t.step(kind, async () => {
      const picture = await large.render(kind, { maxSide: 100, opacity: "constant", alpha: 1 });
      assertEquals([picture.height, picture.width], [30, 100]);
      const colorAt = (x: number) => [...picture.data.subarray(x * 4, x * 4 + 4)];
      // The model saw the right half, of which the first cell is 0 and the second 1.
      assertEquals(colorAt(49), kind === "overlay" ? [200, 100, 50, 255] : [128, 128, 128, 255]);
      assertEquals([colorAt(52), colorAt(99)], [[68, 1, 84, 255], [253, 231, 36, 255]]);
      const { height: tall, width: wide } = await decodeImage(
        await large.encode(kind, { maxSide: 100, format: "webp" }),
      );
      assertEquals([tall, wide], [30, 100]);
      const whole = await large.render(kind, { maxSide: 300 });
      assertEquals([whole.height, whole.width], [90, 300]);
    });
  }
  assertEquals(data, Uint8ClampedArray.from(data, (_, at) => [200, 100, 50, 255][at % 4]!));
  await assertRejects(
    () => large.encode("overlay", { minSide: 300, maxSide: 200 }),
    RangeError,
    "Cannot draw with minSide 300 and maxSide 200: use 200 at most",
  );
});

Deno.test("Explanation shows itself in Jupyter as its picture, and in consoles in three lines", async () => {
  const shown = explanation();
  const show = shown as unknown as Record<symbol, () => Promise<Record<string, string>>>;
  const bundle = await show[Symbol.for("Jupyter.display")]!();
  const picture = await decodeImage(Uint8Array.fromBase64(bundle["image/png"]!));
  assertEquals([picture.format, picture.height, picture.width], ["png", 128, 256]); // enlarged 64 times
  assertEquals([...picture.data], [...(await shown.render("overlay")).data]);
  const lines = Deno.inspect(shown).split("\n");
  assertEquals(lines.length, 3);
  assertEquals(bundle["text/plain"], lines.join("\n"));
});

Deno.test("Explanation.render() enlarges small pictures unless it is told not to", async (t) => {
  const cases: readonly (readonly [minSide: number | undefined, size: readonly [number, number]])[] = [
    [undefined, [128, 256]],
    [0, [2, 4]],
    [4, [2, 4]],
    [9, [6, 12]],
  ];
  for (const [minSide, size] of cases) {
    await t.step(`to ${minSide}`, async () => {
      for (const kind of ["overlay", "heatmap"] as const) {
        const { height, width } = await explanation().render(kind, { minSide });
        assertEquals([height, width], size);
      }
    });
  }
  await t.step("of a tensor the map alone", async () => {
    const { height, width } = await explanation({ photo: undefined, placement: undefined }).render("heatmap");
    assertEquals([height, width], [128, 256]);
  });
  await t.step("and the place where the model looked with them", async () => {
    const half = explanation({ placement: { x: 2, y: 0, width: 2, height: 2 } });
    const { data, width } = await half.render("heatmap", { minSide: 40 });
    const grey = (x: number) =>
      data.subarray((5 * width + x) * 4, (5 * width + x) * 4 + 3).every((one) => one === 128);
    assertEquals([grey(0), grey(19), grey(20), grey(39)], [true, true, false, false]);
  });
  await assertRejects(
    async () => await explanation().render("overlay", { minSide: -1 }),
    RangeError,
    "minSide -1",
  );
});

Deno.test("Explanation draws a panel of all maps on one sheet, and of one that is chosen as before", async () => {
  const { maps: [map] } = explanation();
  const maps = ["gradcam", "layercam"].flatMap((method) =>
    [3, 4].map((classIndex) => ({ ...map!, method, classIndex }))
  );
  const several = explanation({ maps, times: { gradcam: 3 } });
  const one = await explanation({ maps: [maps[1]!] }).render("panel");
  assertEquals([...(await several.render("panel", { map: 1 })).data], [...one.data]);
  const sheet = await several.render("panel");
  // Photo and two columns of 200 × 100 pixels, and the bar; two rows with their words.
  assertEquals(sheet.width > 3 * 216 && sheet.width < one.width, true);
  assertEquals(sheet.height > 2 * 100 && sheet.height > one.height, true);
  const { width } = await explanation({ maps: maps.slice(0, 2) }).render("panel");
  assertEquals([width, sheet.width > width], [640, true]); // the least
});

Deno.test("Explanation draws signed maps in their own colours, whatever is drawn", async (t) => {
  const { maps: [map] } = explanation();
  const signed = explanation({ maps: [{ ...map!, scale: "symmetric" }] });
  for (const kind of ["overlay", "heatmap", "panel"] as const) {
    await t.step(kind, async () => {
      const [plain, own, named] = [
        await explanation().render(kind),
        await signed.render(kind),
        await signed.render(kind, { colormap: "viridis" }),
      ];
      assertNotEquals([...own.data], [...plain.data]);
      assertNotEquals([...own.data], [...named.data]);
    });
  }
  assertEquals(await signed.encode("npy"), await explanation().encode("npy"));
});

Deno.test("Explanation has components of the method alone that gives some", async () => {
  const { maps: [map] } = explanation();
  await assertRejects(
    () => explanation().encode("components"),
    RangeError,
    'Cannot draw components of "gradcam": use the method deepfeaturefactorization',
  );
  const components = [{ heatmap: map!.heatmap, classes: [{ classIndex: 3, score: 0.5, label: "cat" }] }];
  const drawn = await explanation({ maps: [{ ...map!, components } as typeof map & object] }).render(
    "components",
  );
  assertEquals(drawn.width >= 640, true);
});

Deno.test("Explanation names photo and model in JSON, and in no picture what it does not know", async () => {
  const named = explanation({ photoName: "cat.jpg", modelName: "pets", relu: true });
  const { photoName, modelName, relu } = named.toJSON();
  assertEquals([photoName, modelName, relu], ["cat.jpg", "pets", true]);
  const { photoName: none, modelName: neither, relu: kept } = explanation().toJSON();
  assertEquals([none, neither, kept], [null, null, false]);
  const [long, short] = [await named.render("panel"), await explanation().render("panel")];
  assertNotEquals([...long.data], [...short.data]);
});
