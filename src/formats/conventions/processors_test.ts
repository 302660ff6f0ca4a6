/** Photos as transformers' image processors and timm's transforms bring them to a model: `tools/make_processor_goldens.py`. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { decodeImage } from "../../input/image/mod.ts";
import type { RgbaImage } from "../../input/image/types.ts";
import { prepareInput, type Preprocessing } from "../../input/preprocess.ts";
import { testdata } from "../../testing/mod.ts";
import { readModelConfig } from "./model_config.ts";
import { readPreprocessorConfig } from "./preprocessor_config.ts";

interface Case {
  readonly name: string;
  readonly file: "preprocessor_config.json" | "config.json";
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether the class's name says all of it. */
  readonly isUsual: boolean;
  readonly photo: "chelsea" | "turned";
  readonly height: number;
  readonly width: number;
}

const folder = new URL("processors/", testdata);
const { places, cases }: { places: number; cases: readonly Case[] } = JSON.parse(
  await Deno.readTextFile(new URL("index.json", folder)),
);
const samples = new Float32Array((await Deno.readFile(new URL("samples.f32", folder))).buffer);
const chelsea = await decodeImage(await Deno.readFile(new URL("photos/chelsea.png", testdata)));

/** Rows as columns. */
function turned({ data, height, width }: RgbaImage): RgbaImage {
  const pixels = new Int32Array(data.buffer);
  const from = (at: number) => pixels[at % height * width + Math.floor(at / height)]!;
  const result = Int32Array.from({ length: pixels.length }, (_, at) => from(at));
  return { data: new Uint8ClampedArray(result.buffer), height: width, width: height };
}

const photos = { chelsea, turned: turned(chelsea) };

function read(file: Case["file"], config: object): Preprocessing {
  const text = JSON.stringify(config);
  const found = file === "config.json" ? readModelConfig(text).preprocessing : readPreprocessorConfig(text);
  assert(found, "It says how photos are seen");
  return found;
}

/** Values at places in even distances, as the goldens have them. */
function sampled(data: Float32Array, height: number, width: number): Float32Array {
  const at = (place: number, side: number) => Math.floor(place * (side - 1) / (places - 1));
  return Float32Array.from({ length: places * places * 3 }, (_, index) => {
    const [row, column] = [Math.floor(index / (places * 3)), Math.floor(index / 3) % places];
    return data[(at(row, height) * width + at(column, width)) * 3 + index % 3]!;
  });
}

/**
 * How many grey levels a value may be off, where that is not a rounding of float32's: Perceiver cuts before it resizes, so
 * that its edges are made of fewer pixels.
 */
const tolerances: Readonly<Record<string, number>> = { Perceiver: 2 };

Deno.test("photos are seen as transformers' and timm's processors see them", async (t) => {
  const length = places * places * 3;
  for (const [index, { name, file, config, photo, height, width }] of cases.entries()) {
    await t.step(`${name} ${index}, ${photo} to ${height} × ${width}`, () => {
      const preprocessing = read(file, config);
      assertEquals(preprocessing.size, [height, width]);
      const { data } = prepareInput(photos[photo], { height, width, channels: 3 }, { preprocessing });
      const expected = samples.subarray(index * length, (index + 1) * length);
      const { std } = preprocessing;
      let [largest, sum] = [0, 0]; // in grey levels
      sampled(data, height, width).forEach((value, at) => {
        const apart = Math.abs(value - expected[at]!) * (std[at % 3] ?? std[0]!);
        largest = Math.max(largest, apart);
        sum += apart;
      });
      assertLess(largest, tolerances[name] ?? 1e-3);
      assertLess(sum / length, 0.1);
    });
  }
});

Deno.test("what a processor's file leaves out is what its class does", async (t) => {
  for (const { name, file, config } of cases.filter(({ isUsual, photo }) => isUsual && photo === "chelsea")) {
    await t.step(name, () => {
      const { image_processor_type } = config;
      assertEquals(read(file, { image_processor_type }), read(file, config));
    });
  }
});
