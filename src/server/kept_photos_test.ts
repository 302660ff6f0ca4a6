/** Photos in JSON, and by the id under which they were kept, over HTTP. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { loadModel } from "../formats/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { writeTinyModel } from "../testing/tiny_model.ts";
import { createHandler, type HandlerOptions } from "./mod.ts";

const photo = await Deno.readFile(new URL("images/plain.png", testdata));

type Ask = (query: string, body?: BodyInit | null, type?: string) => Promise<Response>;

async function withHandler(options: HandlerOptions, use: (ask: Ask) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "cpu" });
    await leavingNoTensors(async () => {
      const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
      const handler = createHandler({ model, backend: "cpu", ...options });
      await use(async (query, body = null, type) => {
        const headers: HeadersInit = type === undefined ? {} : { "content-type": type };
        return await handler(
          new Request(`http://localhost/explain${query}`, { method: "POST", body, headers }),
        );
      });
      model.dispose();
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("createHandler() keeps a photo that it is told to, and takes its id in all places", async (t) => {
  await withHandler({}, async (ask) => {
    const first = await ask("?keep=true&format=json", photo, "image/png");
    const { scores } = await first.json();
    const id = first.headers.get("gradcam-photo")!;
    const form = new FormData();
    form.append("photo", id);
    form.append("format", "json");
    const again: Readonly<Record<string, () => Promise<Response>>> = {
      "the URL, without a body": () => ask(`?format=json&photo=${id}`),
      "the URL, an empty body": () => ask(`?format=json&photo=${id}`, new Uint8Array(0), "image/png"),
      "the URL, an empty body of another type": () => ask(`?format=json&photo=${id}`, "", "text/plain"),
      "JSON": () => ask("", JSON.stringify({ photo: { id }, format: "json" }), "application/json"),
      "the URL, and JSON for the rest": () => ask(`?photo=${id}`, '{"format":"json"}', "application/json"),
      "a form": () => ask("", form),
    };
    for (const [name, send] of Object.entries(again)) {
      await t.step(name, async () => {
        const response = await send();
        const answer = await response.json();
        assertEquals([response.status, answer.scores], [200, scores], answer.detail);
        assertEquals(response.headers.get("gradcam-photo"), id);
      });
    }
    await t.step("a body's own photo wins over the URL's in JSON, and has no id", async () => {
      const body = JSON.stringify({ photo: photo.toBase64(), format: "json" });
      const response = await ask(`?photo=${id}`, body, "application/json");
      assertEquals([(await response.json()).scores, response.headers.get("gradcam-photo")], [scores, null]);
    });
    const refused: Readonly<Record<string, readonly [() => Promise<Response>, number, string]>> = {
      "an id that is gone": [
        () => ask(`?photo=${crypto.randomUUID()}`),
        404,
        "The photo is kept no more: send it again",
      ],
      "no id": [() => ask("?photo=cat.png"), 400, "Cannot use photo: give a file, or the id"],
      "two ids": [() => ask(`?photo=${id}&photo=${id}`), 400, "Cannot use photo 2 times: give it once"],
      "an id and a body": [() => ask(`?photo=${id}`, photo, "image/png"), 422, "Cannot use photo 2 times"],
      "nothing": [() => ask(""), 400, "Cannot find the photo: the request has no body"],
      "JSON without a photo": [() => ask("", "{}", "application/json"), 400, "Cannot find the photo"],
      "another model": [
        () => ask(`?photo=${id}&model=other`),
        404,
        'No model "other": the models are default',
      ],
    };
    for (const [name, [send, status, detail]] of Object.entries(refused)) {
      await t.step(name, async () => {
        const response = await send();
        const problem = await response.json();
        assertEquals(response.status, status, problem.detail);
        assertStringIncludes(problem.detail, detail);
        if (status === 404) assert(["photo-gone", "model-not-found"].includes(problem.code));
      });
    }
  });
});

Deno.test("createHandler() keeps no photos where it was told so", async () => {
  await withHandler({ photoCache: false }, async (ask) => {
    for (
      const send of [() => ask("?keep=true", photo, "image/png"), () => ask(`?photo=${crypto.randomUUID()}`)]
    ) {
      const response = await send();
      const { detail, code } = await response.json();
      assertEquals([response.status, code], [400, "photos-not-kept"]);
      assertEquals(detail, "Cannot keep photos: this server keeps none");
    }
    const response = await ask("?keep=false&format=json", photo, "image/png");
    assertEquals([response.status, response.headers.get("gradcam-photo")], [200, null]);
    await response.body?.cancel();
  });
});

Deno.test("createHandler() explains with the model that is named", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await selectBackend({ backend: "cpu" });
    const model = await loadModel(await writeTinyModel(folder), { preprocess: "unit" });
    const models = { first: { model }, second: { model, labels: ["x", "y", "z"] } };
    const handler = createHandler({ models, backend: "cpu" });
    for (const [body, isKnown] of [['"first"', true], ['"third"', false], ["1", false]] as const) {
      const response = await handler(
        new Request("http://localhost/explain", {
          method: "POST",
          body: `{"photo":"${photo.toBase64()}","model":${body}}`,
          headers: { "content-type": "application/json" },
        }),
      );
      await response.body?.cancel();
      assertEquals(response.ok, isKnown);
    }
    model.dispose();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
