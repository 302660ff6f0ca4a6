/** Models into which two photos go, over HTTP. */
import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { gradcam } from "../explain/gradcam.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { buildTwoPhotos, disposeWhole } from "../testing/tiny_model.ts";
import { createHandler, type HandlerOptions } from "./mod.ts";

const read = (name: string) => Deno.readFile(new URL(`images/${name}`, testdata));
const photo = await read("plain.png"), second = await read("palette.bmp");

/** Fields of a form; bytes make a file. */
type Fields = readonly (readonly [name: string, value: string | Uint8Array<ArrayBuffer>])[];

function post(fields: Fields, query = ""): Request {
  const body = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, new Blob([value]), value.length > 0 ? "a.png" : "");
  }
  return new Request(`http://localhost/explain?format=json&${query}`, { method: "POST", body });
}

async function withTwoPhotos(
  options: HandlerOptions,
  use: (handler: ReturnType<typeof createHandler>) => Promise<void>,
): Promise<void> {
  await selectBackend({ backend: "cpu" });
  await leavingNoTensors(async () => {
    const model = buildTwoPhotos();
    const errors: unknown[] = [];
    const onError = (error: unknown) => void errors.push(error);
    await use(createHandler({ model, preprocess: "unit", backend: "cpu", onError, ...options }));
    assertEquals(errors, [], "Nothing is the server's own trouble");
    disposeWhole(model);
  });
}

Deno.test("createHandler() takes a form's file for another input", async (t) => {
  const built = buildTwoPhotos();
  const model = await loadModel(built, { preprocess: "unit" });
  await selectBackend({ backend: "cpu" });
  const { maps: [expected] } = await gradcam(model, photo, { inputs: { photo_b: second } });
  disposeWhole(built);
  const cases: readonly { name: string; options?: HandlerOptions; fields: Fields; query?: string }[] = [
    { name: "a file", fields: [["photo", photo], ["inputs.photo_b", second]] },
    {
      name: "in any order, the input named",
      fields: [["inputs.photo_b", second], ["input", "photo_a"], ["photo", photo]],
    },
    {
      name: "it wins over the URL's values",
      fields: [["photo", photo], ["inputs.photo_b", second]],
      query: "inputs.photo_b=1,2",
    },
    {
      name: "what the server was told",
      options: { defaults: { inputs: { photo_b: second } } },
      fields: [["photo", photo]],
    },
    {
      name: "an empty file leaves what the server was told",
      options: { defaults: { inputs: { photo_b: second } } },
      fields: [["photo", photo], ["inputs.photo_b", new Uint8Array()]],
    },
  ];
  for (const { name, options = {}, fields, query } of cases) {
    await t.step(name, () =>
      withTwoPhotos(options, async (handler) => {
        const response = await leavingNoTensors(() => handler(post(fields, query)));
        const answer = await response.json();
        assertEquals(response.status, 200, answer.detail);
        const [map] = answer.maps;
        assertAlmostEquals(map.score, expected!.score, 1e-6);
        expected!.raw.data.forEach((value, at) => assertAlmostEquals(map.raw.data[at], value, 1e-6));
      }));
  }
});

Deno.test("createHandler() says what is wrong with photos for other inputs", async (t) => {
  const junk = new TextEncoder().encode("junk");
  const cases: readonly (readonly [name: string, fields: Fields, status: number, detail: string])[] = [
    [
      "it is missing",
      [["photo", photo], ["input", "photo_a"]],
      400,
      'Cannot run the model without its input "photo_b" [?, 5, 10, 3]: give a photo by name (option "inputs", ' +
      '--inputs photo_b=FILE, a form\'s file "inputs.photo_b")',
    ],
    [
      "a path is not read",
      [["photo", photo], ["inputs.photo_b", "/etc/hostname"]],
      400,
      'Cannot use inputs.photo_b "/etc/hostname": give numbers',
    ],
    [
      "two files",
      [["photo", photo], ["inputs.photo_b", second], ["inputs.photo_b", second]],
      400,
      "Cannot use inputs.photo_b 2 times: give it once",
    ],
    [
      "a file and numbers",
      [["photo", photo], ["inputs.photo_b", second], ["inputs.photo_b", "1,2"]],
      400,
      "Cannot use inputs.photo_b 2 times: give it once",
    ],
    [
      "junk",
      [["photo", photo], ["inputs.photo_b", junk]],
      422,
      'Cannot decode the photo for input "photo_b": it is no',
    ],
    [
      "another name",
      [["photo", photo], ["inputs.photo_c", second]],
      400,
      'Cannot give values to input "photo_c"',
    ],
    [
      "a prototype's name",
      [["photo", photo], ["inputs.__proto__", second]],
      400,
      'Cannot give values to input "__proto__"',
    ],
    [
      "a file without the prefix",
      [["photo", photo], ["photo_b", second]],
      400,
      'the files are "photo", "photo_b" (those for other inputs are named inputs.NAME)',
    ],
    [
      "no photo",
      [["inputs.photo_b", second]],
      400,
      'give one file in the field "photo", the files are "inputs.photo_b"',
    ],
  ];
  await withTwoPhotos({}, async (handler) => {
    for (const [name, fields, status, detail] of cases) {
      await t.step(name, async () => {
        const response = await leavingNoTensors(() => handler(post(fields)));
        const problem = await response.json();
        assertEquals(response.status, status, problem.detail);
        assertStringIncludes(problem.detail, detail);
      });
    }
    await t.step("which inputs are pictures", async () => {
      const { inputs } = await (await handler(new Request("http://localhost/layers"))).json();
      assertEquals(inputs.map(({ picture }: { picture: boolean }) => picture), [true, true]);
    });
  });
});
