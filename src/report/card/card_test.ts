import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { selectBackend } from "../../../backends/mod.ts";
import { loadModel } from "../../formats/mod.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import { decodeImage } from "../../input/image/mod.ts";
import { leavingNoTensors, testdata } from "../../testing/mod.ts";
import { writeTinyModel } from "../../testing/tiny_model.ts";
import { trustCard } from "../trust_card.ts";
import { cardHtml } from "./page.ts";
import { drawCard } from "./picture.ts";
import type { TrustCard } from "./trust_card.ts";
import { madeUpCard } from "./testing.ts";

/** 40 wide and 26 high. */
const photo = new URL("images/plain.png", testdata).pathname;
const date = new Date(Date.UTC(2031, 4, 1, 12));
const metricSettings = { steps: 4, stages: 2 };

function paper(height: number, width: number): RgbaImage {
  return { data: new Uint8ClampedArray(height * width * 4).fill(120), height, width };
}

/** How many pixels of a rectangle are not white. */
function inked({ data, width }: RgbaImage, left: number, top: number, right: number, bottom: number): number {
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (data[(y * width + x) * 4 + 1]! < 250) count++;
  }
  return count;
}

Deno.test("drawCard() keeps its width and its margins, whatever it says", async (t) => {
  const long = "жовтий_cœur 猫 ".repeat(40);
  const plain = madeUpCard();
  const cases = {
    "as usual": plain,
    "long names": {
      ...plain,
      explained: { ...plain.explained, label: long },
      scores: plain.scores.map((entry) => ({ ...entry, label: long })),
      origin: { ...plain.origin, photo: long, model: long, layer: long },
    },
    "no curves": madeUpCard({
      deletion: { value: undefined, random: undefined, whole: undefined },
      insertion: { value: undefined, random: undefined, whole: undefined },
    }),
    "all is wrong": madeUpCard({ diagnosis: "flat", advice: long, randomisation: { value: 0.9 } }),
    "scores that are logits": {
      ...plain,
      scores: plain.scores.map((entry) => ({ ...entry, score: entry.score * 40 })),
    },
  };
  const sizes = [[300, 450], [900, 200], [4, 900]] as const;
  for (const [at, [name, record]] of Object.entries(cases).entries()) {
    await t.step(name, async () => {
      for (const [height, width] of [sizes[at % 3]!]) {
        const card = await drawCard(record, { photo: paper(height, width), overlay: paper(height, width) });
        assertEquals(card.width, 1208);
        assertEquals(inked(card, 0, 0, 47, card.height), 0);
        assertEquals(inked(card, 1161, 0, 1208, card.height), 0);
        assertEquals(inked(card, 0, 0, 1208, 40), 0);
        assertEquals(inked(card, 0, card.height - 40, 1208, card.height), 0);
        assert(inked(card, 48, 48, 1160, 200) > 1000);
      }
    });
  }
});

Deno.test("drawCard() tells verdicts apart by colour and by sign", async () => {
  const pictures = { photo: paper(200, 300), overlay: paper(200, 300) };
  const colors = new Set<string>();
  const changes = [{}, { shift: { value: 0.5 } }, { randomisation: { value: undefined } }, {
    randomisation: { value: 0.9 },
  }];
  for (const change of changes) {
    const { data, width } = await drawCard(madeUpCard(change), pictures);
    for (let y = 140; y < 200; y++) {
      const at = (y * width + 76) * 4; // within the sign's disc, left of the sign
      const [r, g, b] = data.subarray(at, at + 3);
      if (r! + g! + b! < 400) colors.add(`${r} ${g} ${b}`);
    }
  }
  assert(colors.size >= 4, [...colors].join(", "));
});

Deno.test("cardHtml() shows names as text, and what there is of pictures", () => {
  const evil = '"><script>alert(1)</script>';
  const plain = madeUpCard();
  const html = cardHtml(
    {
      ...plain,
      explained: { ...plain.explained, label: evil },
      origin: { ...plain.origin, photo: evil, model: evil, layer: evil, versions: { [evil]: evil } },
      warnings: [evil],
    },
    { photo: undefined, overlay: "data:image/png;base64,AAAA" },
  );
  assertEquals(html.match(/<script/g), null);
  assertEquals(html.match(/<img /g)?.length, 1);
  assert(html.includes(plain.origin.modelHash!));
});

async function withCards(run: (folder: string, model: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "card" });
  try {
    await selectBackend({ backend: "cpu" });
    await run(folder, await writeTinyModel(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("trustCard() tries a map, and gives the same card for the same photo, seed and date", async (t) => {
  await withCards(async (folder, path) => {
    const options = { preprocess: "unit", backend: "cpu", date, seed: 3, metricSettings } as const;
    const make = () => leavingNoTensors(() => trustCard(path, photo, options));
    const card: TrustCard = await make();
    const { evidence, origin, findings, verdict } = card.record;

    await t.step("what it measures", () => {
      for (const { curve, randomCurve, value, random, whole } of [evidence.deletion, evidence.insertion]) {
        assertEquals(curve!.x, [0, 0.25, 0.5, 0.75, 1]);
        assertEquals(randomCurve!.x, curve!.x);
        const area = (y: readonly number[]) => y.slice(1).reduce((sum, up, at) => sum + (up + y[at]!) / 8, 0);
        assertAlmostEquals(value!, area(curve!.y), 1e-6);
        assertAlmostEquals(random!, area(randomCurve!.y), 1e-6);
        assertAlmostEquals(whole!, card.explanation.score, 1e-6);
      }
      assertEquals(evidence.diagnosis, card.explanation.diagnosis);
      assertEquals(findings.length, 6);
      assert(verdict.text.length > 20);
    });
    await t.step("how it came about", async () => {
      assertEquals(origin.date, "2031-05-01T12:00:00Z");
      assertEquals([origin.photo, origin.method, origin.methodTitle, origin.seed], [
        "plain.png",
        "gradcam",
        "Grad-CAM",
        3,
      ]);
      assert(/^[0-9a-f]{64}$/.test(origin.modelHash!));
      const model = await loadModel(path);
      const held = await trustCard(model, photo, options);
      model.dispose();
      assertEquals(held.record.origin.modelHash, undefined);
      assertEquals(held.record.evidence, evidence);
    });
    await t.step("the same bytes again, as JSON, HTML and PNG", async () => {
      const again = await make();
      for (const format of ["json", "html", "png"] as const) {
        assertEquals(await card.encode(format), await again.encode(format), format);
      }
    });
    await t.step("saved by the path's ending", async () => {
      for (const ending of ["json", "html", "png"]) await card.save(`${folder}/card.${ending}`);
      const { verdict } = JSON.parse(await Deno.readTextFile(`${folder}/card.json`));
      assertEquals(verdict, card.verdict);
      assert((await Deno.readTextFile(`${folder}/card.html`)).startsWith("<!doctype html>"));
      assertEquals((await decodeImage(await Deno.readFile(`${folder}/card.png`))).width, 1208);
      await assertRejects(
        () => card.save(`${folder}/card.pdf`),
        Error,
        "use a name that ends in .png, .html, .json",
      );
    });
    await t.step("drawn as asked for", async () => {
      assert(
        (await card.encode("png", { colormap: "turbo" })).toBase64() !==
          (await card.encode("png")).toBase64(),
      );
      await assertRejects(() => card.render({ colour: "x" } as never), TypeError, "Unknown option");
      await assertRejects(() => card.encode("gif" as never), RangeError, "form of a card");
    });
  });
});

Deno.test("trustCard() explains tensors, of which there is no photo to show or to compress", async () => {
  await withCards(async (_, path) => {
    await leavingNoTensors(async () => {
      const x = tf.tidy(() => tf.linspace(0, 1, 20 * 30 * 3).reshape<tf.Tensor3D>([20, 30, 3]));
      try {
        const model = await loadModel(path);
        const [, height, width, channels] = model.inputs[0]!.shape;
        const sized = tf.tidy(() =>
          tf.image.resizeBilinear(x, [height ?? 20, width ?? 30]).slice([0, 0, 0], [-1, -1, channels!])
        );
        const card = await trustCard(model, sized, { date, metricSettings });
        assertEquals(card.record.findings.find(({ check }) => check === "jpeg")!.outcome, "unknown");
        assert((await card.toHtml()).includes("What the map marks"));
        assertEquals((await card.render()).width, 1208);
        sized.dispose();
        model.dispose();
      } finally {
        x.dispose();
      }
    });
  });
});

Deno.test("trustCard() stops when it is told to, and leaves nothing behind", async () => {
  await withCards(async (_, path) => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error("enough"));
    await leavingNoTensors(async () => {
      await assertRejects(
        () => trustCard(path, photo, { signal: stop.signal, onProgress, method: "rise" }),
        Error,
        "enough",
      );
      await assertRejects(() => trustCard(path, photo, { classIndex: 99 }), Error, "class 99");
    });
    await assertRejects(() => trustCard(path, photo, { top: 2 } as never), TypeError, "Unknown option");
    await assertRejects(
      () => trustCard(path, photo, { classIndex: [1, 2] } as never),
      TypeError,
      "classIndex",
    );
    await assertRejects(
      () => trustCard(path, photo, { date: new Date(NaN) }),
      RangeError,
      "Cannot date the card",
    );
    await assertRejects(() => trustCard(path, photo, { seed: -1 }), RangeError);
    assertThrows(() => new Date(NaN).toISOString());
  });
});
