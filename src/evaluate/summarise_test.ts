import { assert, assertEquals, assertThrows } from "@std/assert";
import type { EvaluatedPhoto } from "./evaluated.ts";
import { summarise } from "./summarise.ts";
import { mapWith, photoWith } from "./testing.ts";

/** Numbers from 0 to below 1 that are always the same. */
function noise(at: number): number {
  return Math.abs(Math.sin(at * 12.9898 + 1) * 43758.5453) % 1;
}

/** Photos on which a method is surely better than a control by deletion, and as good as another method. */
function photosOf(count: number): EvaluatedPhoto[] {
  return Array.from({ length: count }, (_, at) => {
    const hard = noise(at);
    return photoWith(
      at,
      mapWith("gradcam", { pointinggame: at % 4 === 0 ? 0 : 1, deletion: 0.1 + hard / 10 }, { chance: 0.25 }),
      mapWith("eigencam", { pointinggame: at % 4 === 1 ? 0 : 1, deletion: 0.1 + noise(at + 500) / 10 }, {
        chance: 0.25,
      }),
      mapWith("random", { pointinggame: at % 3 === 0 ? 1 : 0, deletion: 0.3 + hard / 10 }, { chance: 0.25 }),
    );
  });
}

Deno.test("summarise() counts a photo with several objects once, and maps without a value not at all", () => {
  const { rows, about, best, worst } = summarise([
    photoWith(
      0,
      mapWith("gradcam", { deletion: 0.1 }),
      mapWith("gradcam", { deletion: 0.3 }, { classIndex: 1 }),
    ),
    photoWith(1, mapWith("gradcam", { deletion: 0.6 })),
    photoWith(2, mapWith("gradcam", { deletion: undefined })),
    {
      index: 3,
      photo: "3.jpg",
      maps: [],
      warnings: [],
      error: { name: "ImageError", message: "Cannot read it" },
    },
  ]);
  const [{ mean, count, missing, interval, ...row } = rows[0]!] = rows;
  assertEquals([mean, count, missing], [0.4, 2, 1]); // (0.2 + 0.6) / 2
  assertEquals(row, { model: "model", method: "gradcam", layer: "conv", metric: "deletion" });
  assert(interval![0] >= 0.2 && interval![1] <= 0.6);
  assertEquals([about.photos, about.failed, about.maps], [4, 1, 4]);
  assertEquals(best.map(({ index, classIndex, value }) => [index, classIndex, value]), [[0, 0, 0.1], [
    0,
    1,
    0.3,
  ]]);
  assertEquals(worst.map(({ index, value }) => [index, value]), [[1, 0.6]]);
});

Deno.test("summarise() compares methods with each other and with controls, photo by photo", () => {
  const { comparisons, rows } = summarise(photosOf(40));
  const of = (metric: string, second: string) =>
    comparisons.find((one) => one.metric === metric && one.first === "gradcam" && one.second === second)!;
  const control = of("deletion", "random");
  assertEquals([control.difference, control.interval, control.count], [-0.2, [-0.2, -0.2], 40]); // exactly, on each photo
  assertEquals(control.p, 3e-4); // 1 / 10,000, and three comparisons
  const other = of("deletion", "eigencam");
  assert(other.p > 0.05 && other.interval[0] < 0 && other.interval[1] > 0);
  assertEquals(of("pointinggame", "eigencam").difference, 0);
  assertEquals(comparisons.map(({ first, second }) => `${first} ${second}`).slice(0, 3), [
    "gradcam eigencam",
    "gradcam random",
    "eigencam random",
  ]);
  assertEquals(
    rows.filter(({ chance }) => chance === 0.25).map(({ metric }) => metric),
    new Array(3).fill("pointinggame"),
  );
});

Deno.test("summarise() gives the same bytes for the same photos in any order, and other intervals for other seeds", () => {
  const photos = photosOf(40);
  const text = JSON.stringify(summarise(photos, { choose: true }));
  assertEquals(JSON.stringify(summarise(photos.toReversed(), { choose: true })), text);
  const plan = {
    models: [{ name: "model", hash: undefined }],
    passes: [],
    warnings: [],
    seed: 1,
    versions: {},
  };
  const other = summarise(photos, { plan });
  assert(JSON.stringify(other.rows) !== JSON.stringify(JSON.parse(text).rows));
  assertEquals(
    other.rows.map(({ mean }) => mean),
    JSON.parse(text).rows.map(({ mean }: { mean: number }) => mean),
  );
});

Deno.test("summarise() says what may be concluded, and what may not", () => {
  const { conclusions } = summarise(photosOf(40), { choose: true });
  const has = (part: string) =>
    assert(conclusions.some((sentence) => sentence.includes(part)), `${part}\n${conclusions.join("\n")}`);
  has("40 photos were measured");
  has("it is better than the controls Random map (p < 0.001)");
  has("which of them is better stays open");
  has("does not show that the model looked at it");
  has("p-values are corrected");
  assert(!conclusions.some((sentence) => sentence.includes("undefined") || sentence.includes("NaN")));
  const few = summarise(photosOf(6));
  assert(few.conclusions.some((sentence) => sentence.includes("With so few photos")));
  const lost = summarise(Array.from({ length: 40 }, (_, at) =>
    photoWith(
      at,
      mapWith("gradcam", { deletion: 0.5 + noise(at) / 10, modelrandomisation: 0.1 }),
      mapWith("guidedbackprop", { deletion: 0.6 + noise(at) / 10, modelrandomisation: 0.8 }),
      mapWith("edges", { deletion: 0.2 + noise(at) / 10, modelrandomisation: 1 }),
    ))).conclusions;
  assert(
    lost.some((sentence) =>
      sentence.startsWith("By deletion Grad-CAM is not shown to be better than Edge detector")
    ),
  );
  assert(
    lost.some((sentence) =>
      sentence.startsWith(
        "Maps of Guided backpropagation (0.8) hardly change when the model's weights are drawn anew",
      )
    ),
    lost.join("\n"),
  );
});

Deno.test("summarise() ranks methods by what needs no truth, and says how sure the first is", () => {
  const { choice } = summarise(photosOf(40), { choose: true });
  assertEquals(choice!.metrics, ["deletion"]);
  assertEquals(choice!.ranks.length, 3);
  const [first, second, last] = choice!.ranks;
  assertEquals(last, { model: "model", method: "random", layer: "", rank: 3, first: 0 });
  assert(Math.abs(first!.first + second!.first - 1) < 1e-5 && first!.rank <= second!.rank);
  assert(first!.first > 0.5 && first!.first < 1); // neither is surely better
  const sure = summarise(
    Array.from({ length: 20 }, (_, at) =>
      photoWith(
        at,
        mapWith("gradcam", { deletion: 0.1, insertion: 0.9 }),
        mapWith("eigencam", { deletion: 0.2, insertion: 0.8 }),
      )),
    { choose: true },
  );
  assertEquals(sure.choice!.ranks[0], {
    model: "model",
    method: "gradcam",
    layer: "conv",
    rank: 1,
    first: 1,
  });
  assert(
    sure.conclusions.some((sentence) => sentence.startsWith("Take Grad-CAM") && sentence.includes("100 %")),
  );
  assertEquals(summarise(photosOf(3)).choice, undefined);
});

Deno.test("summarise() means curves where they are, and where they have other places between them", () => {
  const curve = (x: readonly number[], y: readonly number[]) => ({
    measurements: [{
      metric: "deletion" as const,
      measurement: { value: 1, curves: [{ name: "deletion", x, y }] },
    }],
  });
  const { curves } = summarise([
    photoWith(0, mapWith("gradcam", {}, curve([0, 0.5, 1], [1, 0.5, 0]))),
    photoWith(1, mapWith("gradcam", {}, curve([0, 1], [0, 1]))),
  ]);
  const [{ x, mean, low, high, name } = curves[0]!] = curves;
  assertEquals([name, x, mean], ["deletion", [0, 0.5, 1], [0.5, 0.5, 0.5]]);
  assertEquals([low[1], high[1]], [0.5, 0.5]);
  assert(low[0]! < 0 && high[0]! > 1); // ± 1.96 × 0.5
});

Deno.test("summarise() tells times where it is asked to alone", () => {
  const timed = mapWith("gradcam", {}, {
    ms: 4,
    measurements: [{ metric: "deletion", measurement: { value: 1 }, ms: 8 }],
  });
  const photos = [photoWith(0, timed), photoWith(1, timed)];
  assert(!JSON.stringify(summarise(photos)).includes('"ms"'));
  const { rows, about } = summarise(photos, { times: true });
  assertEquals([rows[0]!.ms, about.methods[0]!.ms], [8, 4]);
});

Deno.test("summarise() refuses what it cannot use, and takes no photos at all", () => {
  assertThrows(() => summarise([], { confidence: 1 }), RangeError, "Cannot use confidence 1");
  assertThrows(() => summarise([], { resamples: 0 }), RangeError, "Cannot draw photos 0 times");
  assertThrows(() => summarise([], { confidnce: 0.9 } as never), TypeError, "did you mean confidence?");
  assertEquals(summarise([]).rows, []);
});
