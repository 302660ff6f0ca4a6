/** Methods, targets and how maps are made, over HTTP. */
import { encodeNpy } from "../draw/npy.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { loadModel } from "../formats/mod.ts";
import { methods } from "../methods/mod.ts";
import { settingSpecs } from "../methods/settings.ts";
import { testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { readLimits } from "./limits.ts";
import type { ListedMethod } from "./list_methods.ts";
import { readParameters } from "./parameters.ts";
import { plainPhoto, posted, withService } from "./testing.ts";

const other = await Deno.readFile(new URL("images/plain.jpg", testdata));
const context = { limits: readLimits({}), models: ["default"] };

function read(query: string): GradcamOptions {
  const given = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) given.set(name, [...given.get(name) ?? [], value]);
  return readParameters(given, context).options;
}

type Asked = { readonly query: string; readonly value: unknown };

/** How a request asks for each option of the library, or why it does not. */
const asked: Readonly<Record<keyof GradcamOptions, Asked | string>> = {
  layer: { query: "layer=a,b&layer=c", value: ["a,b", "c"] },
  classIndex: { query: "class=3", value: [3] },
  label: { query: "class=cat", value: ["cat"] },
  top: { query: "top=2", value: 2 },
  score: { query: "score=logit", value: "logit" },
  relu: { query: "relu=false", value: false },
  scale: { query: "scale=maximum", value: "maximum" },
  smooth: { query: "smooth=principal", value: "principal" },
  augment: { query: "augment=true", value: true },
  maxDecodingBytes: "a limit of the service",
  counterfactual: { query: "counterfactual=true", value: true },
  target: { query: "target=finer", value: "finer" },
  versus: { query: "versus=dog", value: "dog" },
  nearest: { query: "nearest=5", value: 5 },
  contrast: { query: "contrast=0.5", value: 0.5 },
  like: { query: "like=1,-0.5", value: [1, -0.5] },
  grid: { query: "grid=3x4", value: [3, 4] },
  tokens: { query: "tokens=5", value: 5 },
  box: { query: "box=7", value: 7 },
  method: { query: "method=gradcam++&method=fem&method=fem", value: ["gradcam++", "fem"] },
  settings: { query: "samples=20&baseline=blur", value: { samples: 20, baseline: "blur" } },
  output: { query: "output=1", value: 1 },
  inputs: { query: "inputs.age=3", value: { age: [3] } },
  region: { query: "region=1,2,3,4", value: { x: 1, y: 2, width: 3, height: 4 } },
  preprocess: { query: "preprocess=unit", value: undefined },
  fit: { query: "fit=crop", value: "crop" },
  range: { query: "range=0,4095", value: [0, 4095] },
  size: { query: "size=8x9", value: [8, 9] },
  input: { query: "input=photo", value: "photo" },
  backend: "the server's matter",
  threads: "the server's matter",
  labels: "the model's",
  eps: "nobody has needed it but programs that follow the reference",
  maxPixels: "a limit of the service",
  maxPhotoSide: "a limit of the service",
  maxPasses: "a limit of the service",
  keptPhotoSide: "follows from a limit of the service",
  onPlan: "functions cannot be sent",
  onProgress: "functions cannot be sent",
  signal: "the connection",
};

Deno.test("readParameters() reads every option of the library, and each setting", async (t) => {
  for (const [name, how] of Object.entries(asked)) {
    if (typeof how === "string") continue;
    await t.step(name, () => {
      const options = read(how.query) as Readonly<Record<string, unknown>>;
      assert(options[name] !== undefined);
      if (how.value !== undefined) assertEquals(options[name], how.value);
    });
  }
  await t.step("settings", () => {
    for (const { name, choices, range = [0, 0] } of settingSpecs) {
      if (!methods.some(({ settings = {} }) => Object.hasOwn(settings, name))) continue;
      const value = choices?.at(-1) ?? range[1];
      assertEquals(read(`${name}=${value}`).settings, { [name]: value });
    }
  });
});

function formOf(fields: Readonly<Record<string, string | Blob>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

const photo = new Blob([plainPhoto]);
const json = { "content-type": "application/json" };
const asJson = (body: unknown) =>
  posted(json, JSON.stringify({ photo: plainPhoto.toBase64(), ...body as object }));

Deno.test("POST /v1/explain makes maps as the library does", async (t) => {
  const like = other as Uint8Array<ArrayBuffer>;
  const texts = { "a cat": [0.2, 0.7, 0.1], "a dog": [0.6, -0.1, 0.3], logit_scale: 5 };
  const npy = encodeNpy(Float32Array.of(0.2, 0.7, 0.1), [1, 3]) as Uint8Array<ArrayBuffer>;
  const rise = { method: "rise", settings: { samples: 5, seed: 3, cells: 2 } } as const;
  const cases: readonly (readonly [query: string, init: RequestInit, library: GradcamOptions])[] = [
    ["method=hirescam&scale=symmetric&relu=false", posted(), {
      method: "hirescam",
      scale: "symmetric",
      relu: false,
    }],
    ["counterfactual=true&smooth=principal&class=1", posted(), {
      counterfactual: true,
      smooth: "principal",
      classIndex: 1,
    }],
    ["class=0&versus=bee", posted(), { classIndex: 0, versus: "bee" }],
    ["method=gradcam++&method=eigencam&top=2", posted(), { method: ["gradcam++", "eigencam"], top: 2 }],
    ["method=rise&samples=5&seed=3&cells=2", posted(), rise],
    ["", asJson(rise.settings && { method: "rise", ...rise.settings }), rise],
    ["", asJson({ method: ["gradcam", "fem"], layer: ["features"], relu: false }), {
      method: ["gradcam", "fem"],
      relu: false,
    }],
    ["like=0.2,0.7,0.1", posted(), { like: [0.2, 0.7, 0.1] }],
    ["", asJson({ like: [0.2, 0.7, 0.1] }), { like: [0.2, 0.7, 0.1] }],
    ["", posted({}, formOf({ photo, like: "0.2,0.7,0.1" })), { like: [0.2, 0.7, 0.1] }],
    ["", posted({}, formOf({ photo, like: new Blob([like]) })), { like }],
    ["like=1,2,3", posted({}, formOf({ photo, like: new File([like], "other.jpg") })), { like }], // the body wins
    ["", asJson({ like: like.toBase64() }), { like }],
    ["top=2", asJson({ like: texts }), { like: texts, top: 2 }],
    ["top=2", posted({}, formOf({ photo, like: new File([JSON.stringify(texts)], "texts.json") })), {
      like: texts,
      top: 2,
    }],
    ["top=2", posted({}, formOf({ photo, like: JSON.stringify(texts) })), { like: texts, top: 2 }],
    ["", posted({}, formOf({ photo, like: new File([npy], "cat.npy") })), { like: [0.2, 0.7, 0.1] }],
  ];
  const folder = await Deno.makeTempDir();
  await withService({}, async ({ ask }) => {
    const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
    for (const [place, [query, init, library]] of cases.entries()) {
      await t.step(`${place + 1}: ${query}`, async () => {
        const response = await ask(`/v1/explain?format=json&${query}`, init);
        const answer = await response.json();
        assertEquals(response.status, 200, answer.detail);
        const { maps } = await gradcam(model, plainPhoto, library);
        assertEquals(answer.maps.length, maps.length);
        for (const [at, { heatmap, method, scale, value }] of maps.entries()) {
          const map = answer.maps[at];
          assertEquals([map.method, map.scale], [method, scale]);
          if (value !== undefined) assertAlmostEquals(map.value, value, 1e-6);
          heatmap.data.forEach((one, cell) => assertAlmostEquals(map.heatmap.data[cell], one, 1e-5));
        }
      });
    }
    model.dispose();
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("POST /v1/explain says what is wrong with methods, in one line", async (t) => {
  const image = new Blob([other]);
  const rows: readonly (readonly [query: string, init: RequestInit, status: number, detail: string])[] = [
    [
      "method=rise&samples=9&cells=2",
      posted(),
      422,
      "Cannot explain by rise: it takes 9 passes of the model, and at most 8 are allowed: use fewer samples",
    ],
    ["method=rise&samples=4&cells=2&top=3", posted(), 422, "it takes 12 passes of the model"],
    [
      "method=fem&method=eigencam&top=3",
      posted(),
      422,
      "Cannot explain 3 classes by 2 methods: at most 4 maps are made at once, ask for fewer",
    ],
    ["samples=9", posted(), 422, "Cannot use samples with gradcam: it is for "],
    ["method=camgrad", posted(), 422, 'Unknown method "camgrad": use one of '],
    ["target=function", posted(), 400, 'Unknown target "function": use one of class, '],
    ["target=difference", posted(), 422, "Cannot explain a difference: say versus which class"],
    ["versus=wesp", posted(), 422, "wesp"],
    ["scale=max", posted(), 400, 'Unknown scale "max": use one of range, maximum, symmetric'],
    ["samples=0", posted(), 400, "Cannot use samples 0: use 1 or more"],
    ["baseline=grey", posted(), 400, 'Unknown baseline "grey": use one of black, white, mean, blur'],
    ["like=a,b", posted(), 400, 'Cannot use like "a,b": give numbers separated by commas'],
    ["like=1,2", posted(), 422, "3"],
    ["", posted({}, formOf({ photo, like: "\0" })), 422, "the photo to be like"],
    ["", asJson({ like: "no base64!" }), 400, 'Cannot use like "no base64!": give base64'],
    ["", asJson({ like: { url: "https://example.com/a.png" } }), 400, "Cannot use like an object"],
    ["", asJson({ like: { a: [1, 2, 3], b: 4 } }), 400, "give arrays of numbers by name"],
    ["", asJson({ like: { logit_scale: 4 } }), 400, "give arrays of numbers by name"],
    ["", asJson({ like: btoa("no photo") }), 422, "the photo to be like"],
    [
      "",
      asJson({ like: { a: [1, 2], b: [3, 4] } }),
      422,
      "Cannot compare an embedding of 3 numbers with those of 2",
    ],
    [
      "",
      asJson({ like: { a: [1, 2, 3], b: [4, "c", 5] } }),
      422,
      "Cannot read an embedding from the photo to be like",
    ],
    ["", posted({}, formOf({ like: image })), 400, "Cannot find the photo"],
    [
      `layer=${Array(9).fill("features").join("&layer=")}`,
      posted(),
      400,
      "Cannot use layer 9 times: use 8 at most",
    ],
  ];
  await withService({ maxPasses: 8, maxClasses: 4 }, async ({ ask, errors }) => {
    for (const [query, init, status, detail] of rows) {
      await t.step(`${query.slice(0, 60)} ${status} ${detail.slice(0, 20)}`, async () => {
        const response = await ask(`/v1/explain?${query}`, init);
        const problem = await response.json();
        assertStringIncludes(problem.detail, detail);
        assertEquals([response.status, problem.detail.includes("\n")], [status, false], problem.detail);
      });
    }
    await t.step("a photo to be like twice", async () => {
      const form = formOf({ photo, like: image });
      form.append("like", "1,2,3");
      const { detail } = await (await ask("/v1/explain", posted({}, form))).json();
      assertEquals(detail, "Cannot use like 2 times: give it once");
    });
    assertEquals(errors, []);
  });
});

Deno.test("answers carry the method in their files' names", async () => {
  await withService({}, async ({ ask }) => {
    const one = await ask("/v1/explain?method=layercam", posted());
    await one.body!.cancel();
    assertEquals(one.headers.get("gradcam-method"), "layercam");
    assertStringIncludes(one.headers.get("content-disposition")!, '"layercam-overlay.png"');
    const several = await ask("/v1/explain?method=fem&method=gradcam&format=json&format=heatmap", posted());
    const form = await several.formData();
    const names = [...form.values()].map((part) => (part as File).name);
    assertEquals(names, ["gradcam-json.json", "fem-heatmap.png"]);
  });
});

Deno.test("GET /v1/methods lists what methods cost and can be told", async () => {
  await withService({ maxPasses: 300 }, async ({ ask }) => {
    const { methods: listed, maxPasses, targets } = await (await ask("/v1/methods")).json() as {
      methods: ListedMethod[];
      maxPasses: number;
      targets: { name: string }[];
    };
    const find = (name: string) => listed.find((method) => method.name === name)!;
    assertEquals(listed.map(({ name }) => name), methods.map(({ name }) => name));
    assertEquals(maxPasses, 300);
    assertEquals(targets.map(({ name }) => name).includes("function"), false);
    const { title, cost, passes, settings, within } = find("gradcam");
    assertEquals([title, cost, passes, settings, within], ["Grad-CAM", "light", 1, [], undefined]);
    const rise = find("rise");
    assertEquals([rise.cost, rise.passes, rise.within], ["heavy", 1000, { samples: 150 }]);
    const samples = rise.settings.find(({ name }) => name === "samples")!;
    assertEquals([samples.default, samples.range, samples.whole], [1000, [1, 100_000], true]);
    assertEquals(find("scorecam").within, { channels: 150 });
    assertEquals(find("occlusion").settings.find(({ name }) => name === "baseline")!.choices?.[0], "black");
  });
});
