/** What goes into a model besides the photo, at which size, and what comes out, over HTTP. */
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { buildManyWays } from "../testing/tiny_model.ts";
import { createHandler, type HandlerOptions } from "./mod.ts";

const photo = await Deno.readFile(new URL("images/plain.png", testdata)); // 40 wide, 26 high

type Handler = ReturnType<typeof createHandler>;

async function withManyWays(
  options: HandlerOptions,
  use: (handler: Handler) => Promise<void>,
): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const model = buildManyWays();
    const errors: unknown[] = [];
    await use(createHandler({
      model,
      preprocess: "unit",
      backend: "cpu",
      onError: (error) => void errors.push(error),
      ...options,
    }));
    assertEquals(errors, [], "Nothing is the server's own trouble");
    model.dispose();
  });
}

function post(query: string, body: BodyInit = photo): Request {
  return new Request(`http://localhost/explain?format=json&layer=features&${query}`, {
    method: "POST",
    body,
  });
}

/** What the library says of the same. */
async function expected(options: GradcamOptions) {
  const model = buildManyWays();
  const held = await loadModel(model);
  const { maps: [map] } = await gradcam(held, photo, { layer: "features", preprocess: "unit", ...options });
  model.dispose();
  return map!;
}

const size = [10, 8] as const;
const mask = { size, output: "mask", classIndex: 1, inputs: { age: 0.4 } };
const defaults = { inputs: { age: 0.4 }, size, output: "mask" };

Deno.test("createHandler() feeds and reads models of many ways as it is told", async (t) => {
  const cases: readonly {
    name: string;
    options?: HandlerOptions;
    request: () => Request;
    library: GradcamOptions;
  }[] = [
    {
      name: "a number and a size",
      request: () => post("size=10x8&inputs.age=0.4"),
      library: { size, inputs: { age: 0.4 } },
    },
    {
      name: "one number for a square, the input named",
      request: () => post("size=6&inputs.age=0.4&input=photo"),
      library: { size: 6, inputs: { age: 0.4 } },
    },
    {
      name: "an output by name, and a box",
      request: () => post("size=10x8&inputs.age=0.4&output=mask&class=1&region=3,-2,10.5,9"),
      library: { ...mask, region: { x: 3, y: -2, width: 10.5, height: 9 } },
    },
    {
      name: "an output by index, as a form",
      request() {
        const form = new FormData();
        form.append("photo", new Blob([photo]), "photo.png");
        const fields = {
          size: "10X8",
          "inputs.age": "0.4",
          output: "1",
          class: "1",
          region: " 0, 0, 20, 26",
        };
        for (const [name, value] of Object.entries(fields)) form.append(name, value);
        return post("", form);
      },
      library: { ...mask, region: { x: 0, y: 0, width: 20, height: 26 } },
    },
    {
      name: "what the server was told",
      options: { defaults },
      request: () => post("class=1"),
      library: mask,
    },
    {
      name: "what the request says, which wins",
      options: { defaults },
      request: () => post("class=1&size=12&inputs.age=2&output=unit"),
      library: { size: 12, inputs: { age: 2 }, classIndex: 1 },
    },
  ];
  for (const { name, options = {}, request, library } of cases) {
    await t.step(name, () =>
      withManyWays(options, async (handler) => {
        const response = await leavingNoTensors(() => handler(request()));
        const answer = await response.json();
        assertEquals(response.status, 200, answer.detail);
        const { score, raw } = await expected(library);
        const [map] = answer.maps;
        assertAlmostEquals(map.score, score, 1e-6);
        assertEquals([map.raw.height, map.raw.width], [raw.height, raw.width]);
        raw.data.forEach((value, at) => assertAlmostEquals(map.raw.data[at], value, 1e-6));
      }));
  }
});

Deno.test("createHandler() says what is wrong with inputs, outputs, sizes and regions", async (t) => {
  const given = "inputs.age=1&size=10x8";
  const cases: readonly (readonly [query: string, detail: string])[] = [
    ["", 'Cannot run the model without its input "age" [?, 1]: give values by name'],
    ["inputs.age=", 'Cannot run the model without its input "age" [?, 1]'], // as empty fields of forms
    ["inputs.age=old", 'Cannot use inputs.age "old": give numbers separated by commas'],
    ["inputs.age=NaN", 'Cannot use inputs.age "NaN": give numbers'],
    ["inputs.age=1,2", 'Cannot give 2 numbers to input "age" [?, 1]: 1 are needed'],
    ["inputs.age=1&inputs.age=2", "Cannot use inputs.age 2 times: give it once"],
    [`${given}&inputs.sex=1`, 'Cannot give values to input "sex": the inputs are "age" [?, 1]'],
    [`${given}&inputs.__proto__=1`, 'Cannot give values to input "__proto__"'],
    [`${given}&inputs.photo=1`, 'Cannot give values to input "photo": it takes the image'],
    [`${given}&inputs.=1`, 'Unknown parameter "inputs.": use one of '],
    [`${given}&input=foto`, 'Cannot find input "foto": the inputs are "photo" [?, ?, ?, 3]'],
    [`${given}&input=age`, 'Cannot feed an image into input "age" [?, 1]'],
    [`${given}&output=masks`, 'Cannot find output "masks": the outputs are mask, unit'],
    [`${given}&output=2`, "Cannot find output 2: the model has outputs 0 to 1"],
    ["inputs.age=1&size=big", 'Cannot use size "big": give HEIGHTxWIDTH'],
    ["inputs.age=1&size=-5", 'Cannot use size "-5": give HEIGHTxWIDTH'],
    ["inputs.age=1&size=0", "Cannot use size 0 × 0: give whole pixels"],
    ["inputs.age=1&size=2049", 'Cannot use size "2049": use 2048 at most'],
    ["inputs.age=1&size=10x9999", 'Cannot use size "10x9999": use 2048 at most'],
    ...["NaN,0,5,5", "1,2,3", "1,2,3,4,5", ",,,", "a", "0,0,Infinity,5"].map((region) =>
      [
        `${given}&output=mask&region=${region}`,
        `Cannot use region "${region}": give x,y,width,height`,
      ] as const
    ),
    [
      `${given}&output=mask&region=0,0,0,5`,
      "Cannot use region x 0, y 0, 0 × 5: width and height are more than 0",
    ],
    [`${given}&output=mask&region=0,0,5,-5`, "Cannot use region x 0, y 0, 5 × -5"],
    [`${given}&output=mask&region=40,0,5,5`, "Cannot use region: it covers nothing that the model sees"],
    [`${given}&region=0,0,5,5`, 'Cannot take a region of output "unit" [?, 1]: it is no picture of scores'],
  ];
  await withManyWays({}, async (handler) => {
    for (const [query, detail] of cases) {
      await t.step(query || "nothing", async () => {
        const response = await leavingNoTensors(() => handler(post(query)));
        const problem = await response.json();
        assertEquals([response.status, problem.status], [400, 400], problem.detail);
        assertEquals(response.headers.get("content-type"), "application/problem+json");
        assertStringIncludes(problem.detail, detail);
        assertEquals(problem.detail.includes("\n"), false);
      });
    }
  });
});
