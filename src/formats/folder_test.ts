/** Where a model's files are found: on servers of all kinds, in folders, among dropped files. */
import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import { loadModel, type ModelSource } from "./mod.ts";
import { encode, type Files, putTogether, takeApart } from "./testing.ts";

const files: Files = putTogether(await takeApart("nested", "layers"));
const keras = await Deno.readFile(new URL("zoo/transfer/keras3.keras", testdata));
const h5 = await Deno.readFile(new URL("zoo/transfer/keras2.h5", testdata));

/** Serve answers from a function, and do something with the server's origin. */
async function withServer(
  answer: (url: URL, request: Request) => Response | Promise<Response>,
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => answer(new URL(request.url), request),
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

async function opens(source: ModelSource, format = "tfjs-layers"): Promise<void> {
  await leavingNoTensors(async () => {
    const model = await loadModel(source);
    assertEquals(model.format, format);
    model.dispose();
  });
}

const missing = () => new Response("no such file", { status: 404 });

/** A file of the model by the last part of a path. */
function fileOf(path: string): Response {
  const content = files[path.split("/").at(-1)!];
  return content ? new Response(content) : missing();
}

Deno.test("loadModel() finds the weights that a server keeps beside a model.json", async (t) => {
  await tryBackend("cpu");
  const rows: Record<string, { path: string; answer: (url: URL) => Response }> = {
    "a plain address": { path: "/m/model.json", answer: ({ pathname }) => fileOf(pathname) },
    "a folder": { path: "/m/", answer: ({ pathname }) => fileOf(pathname) },
    "a folder without its slash, which the server puts in": {
      path: "/m",
      answer: (url) => url.pathname === "/m" ? Response.redirect(new URL("/m/", url)) : fileOf(url.pathname),
    },
    "a token that each file needs": {
      path: "/m/model.json?token=abc",
      answer: ({ pathname, search }) =>
        search === "?token=abc" ? fileOf(pathname) : new Response(null, { status: 403 }),
    },
    "a signature that is for the model.json alone": {
      path: "/m/model.json?signature=abc",
      answer: ({ pathname, search }) =>
        (search === "?signature=abc") === pathname.endsWith("model.json")
          ? fileOf(pathname)
          : new Response(null, { status: 403 }),
    },
    "a redirect, with the weights where it leads": {
      path: "/latest/model.json",
      answer: (url) => {
        if (url.pathname === "/latest/model.json") return Response.redirect(new URL("/v3/model.json", url));
        return url.pathname.startsWith("/v3/") ? fileOf(url.pathname) : missing();
      },
    },
    "a redirect, with one for each file": {
      path: "/latest/model.json",
      answer: (url) => {
        const name = url.pathname.split("/").at(-1)!;
        if (url.pathname.startsWith("/latest/")) {
          return Response.redirect(new URL(`/store/${name}/data`, url));
        }
        return url.pathname.startsWith("/store/") ? fileOf(url.pathname.replace("/data", "")) : missing();
      },
    },
    "a store that writes folders into names": {
      path: "/v0/b/bucket/o/models%2Fmine%2Fmodel.json?alt=media",
      answer: ({ pathname, search }) =>
        pathname.startsWith("/v0/b/bucket/o/models%2Fmine%2F") && search === "?alt=media"
          ? fileOf(decodeURIComponent(pathname))
          : missing(),
    },
    "a page in place of what is not there": {
      path: "/m/model.json",
      answer: ({ pathname }) => {
        const answer = fileOf(pathname);
        return answer.ok ? answer : new Response("<!doctype html><title>App</title>");
      },
    },
  };
  for (const [name, { path, answer }] of Object.entries(rows)) {
    await t.step(name, () => withServer(answer, (origin) => opens(origin + path)));
  }
  await t.step("a Keras file at an address", () =>
    withServer(
      ({ pathname }) => pathname === "/m.keras" ? new Response(keras) : missing(),
      (origin) => opens(`${origin}/m.keras`, "keras-zip"),
    ));
});

Deno.test("loadModel() reads no file of this machine that a server names", async () => {
  await tryBackend("cpu");
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/weights.bin`, files["weights.bin"]!);
    const text = new TextDecoder().decode(files["model.json"]).replace(
      '"weights.bin"',
      JSON.stringify(`file://${folder}/weights.bin`),
    );
    await withServer(
      ({ pathname }) => pathname === "/model.json" ? new Response(text) : missing(),
      async (origin) => {
        await assertRejects(() => loadModel(`${origin}/model.json`), ModelError, 'weights.bin" is missing');
      },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadModel() says what a server answered", async () => {
  await tryBackend("cpu");
  await withServer(
    ({ pathname }) => pathname === "/weights.bin" ? new Response(null, { status: 503 }) : fileOf(pathname),
    async (origin) => {
      await assertRejects(
        () => loadModel(`${origin}/model.json`),
        ModelError,
        `Cannot open model "${origin}/weights.bin": the server answered 503`,
      );
      await assertRejects(() => loadModel(`${origin}/other.json`), ModelError, "the server answered 404");
    },
  );
});

/** An answer that never ends. */
function endless(): Response {
  return new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => {},
    }),
  );
}

Deno.test("loadModel() stops downloads when it is told to, and tells how far they are", async (t) => {
  await tryBackend("cpu");
  const rows: Record<string, (path: string) => Response> = {
    "a model.json": (path) => path === "/model.json" ? endless() : missing(),
    "its weights": (path) => path === "/weights.bin" ? endless() : fileOf(path),
    "labels": (path) => path === "/labels.json" ? endless() : fileOf(path),
  };
  for (const [name, answer] of Object.entries(rows)) {
    await t.step(name, () =>
      leavingNoTensors(async () => {
        const controller = new AbortController();
        let read = 0;
        await withServer(({ pathname }) => answer(pathname), async (origin) => {
          setTimeout(() => controller.abort(), 100);
          const error = await assertRejects(() =>
            loadModel(`${origin}/model.json`, {
              signal: controller.signal,
              onProgress: (bytes) => read = bytes,
            })
          );
          assertEquals((error as Error).name, "AbortError");
          assertGreater(read, 999);
        });
      }));
  }
  await t.step("a file on this machine", async () => {
    const error = await assertRejects(() =>
      loadModel(new URL("zoo/transfer/keras2.h5", testdata), { signal: AbortSignal.abort() })
    );
    assertEquals((error as Error).name, "AbortError");
  });
});

Deno.test("loadModel() stops the other downloads when one fails", async () => {
  await tryBackend("cpu");
  const json = JSON.parse(new TextDecoder().decode(files["model.json"]));
  json.weightsManifest[0].paths = ["endless.bin", "forbidden.bin"];
  await withServer(({ pathname }) => {
    if (pathname === "/endless.bin") return endless();
    if (pathname === "/model.json") return Response.json(json);
    return pathname === "/forbidden.bin" ? new Response(null, { status: 403 }) : missing();
  }, async (origin) => {
    await assertRejects(() => loadModel(`${origin}/model.json`), ModelError, "the server answered 403");
  });
});

Deno.test("loadModel() takes a model's content in all forms", async (t) => {
  await tryBackend("cpu");
  const asFiles = Object.entries(files).map(([name, bytes]) => new File([bytes], name));
  const url = URL.createObjectURL(new Blob([keras]));
  const rows: Record<string, [ModelSource, string]> = {
    "bytes": [h5, "keras-h5"],
    "an ArrayBuffer": [h5.slice().buffer, "keras-h5"],
    "a Blob": [new Blob([keras]), "keras-zip"],
    "a File": [new File([keras], "m.keras"), "keras-zip"],
    "chosen Files": [asFiles, "tfjs-layers"],
    "Blobs by name": [
      Object.fromEntries(asFiles.map((file) => [`dropped/${file.name}`, file])),
      "tfjs-layers",
    ],
    "one file by name": [{ "any.name": keras }, "keras-zip"],
    "a Keras file among others": [
      { "README.md": encode("#"), "m.keras": keras, "labels.txt": encode("a") },
      "keras-zip",
    ],
    "a blob: URL": [url, "keras-zip"],
    "a data: URL": [`data:;base64,${keras.toBase64()}`, "keras-zip"],
  };
  for (const [name, [source, format]] of Object.entries(rows)) {
    await t.step(name, () => opens(source, format));
  }
  URL.revokeObjectURL(url);
});

Deno.test("loadModel() says why files hold no model", async (t) => {
  await tryBackend("cpu");
  const model = files["model.json"]!;
  const rows: Record<string, [ModelSource, string]> = {
    "no files": [{}, "it holds no model.json"],
    "no Files": [[], "it holds no model.json"],
    "an empty file": [new Uint8Array(), 'Cannot open model "bytes": the file is empty'],
    "two models": [
      { "a/model.json": model, "b/model.json": model },
      "it holds several models: give one of a/model.json, b/model.json",
    ],
    "weights alone": [
      { "a.txt": encode("a"), "m.weights.h5": h5 },
      "it holds weights without an architecture",
    ],
    "an unpacked archive": [
      { "config.json": encode("{}"), "model.weights.h5": h5 },
      "it holds an unpacked .keras archive",
    ],
    "a model.json in a data: URL": [
      `data:,${encodeURIComponent(new TextDecoder().decode(model))}`,
      '"weights.bin" is missing',
    ],
  };
  for (const [name, [source, message]] of Object.entries(rows)) {
    await t.step(name, async () => {
      await assertRejects(() => loadModel(source), ModelError, message);
    });
  }
});

Deno.test("loadModel() finds the model in a folder", async (t) => {
  await tryBackend("cpu");
  const rows: Record<string, { content: Files; message?: string }> = {
    "a model.json": { content: files },
    "a JSON file of another name": {
      content: { "net.json": files["model.json"]!, "weights.bin": files["weights.bin"]! },
    },
    "a folder in it": {
      content: { "export/model.json": files["model.json"]!, "export/weights.bin": files["weights.bin"]! },
    },
    "a Keras file": { content: { "m.h5": h5, "m.weights.h5": h5 } },
    "two Keras files": {
      content: { "a.h5": h5, "b.keras": keras },
      message: "it holds several models: give one of a.h5, b.keras",
    },
    "a SavedModel": {
      content: { "saved_model.pb": encode("x") },
      message: "it holds a TensorFlow SavedModel",
    },
    "variables alone": {
      content: {
        "variables/variables.index": encode("x"),
        "variables/variables.data-00000-of-00001": encode("x"),
      },
      message: "it holds the variables of a TensorFlow model without its architecture",
    },
    "an ONNX model": {
      content: { "README.md": encode("x"), "m.onnx": Uint8Array.of(8, 7, 18, 7) },
      message: "it is an ONNX model",
    },
    "nothing": { content: {}, message: "it holds no model.json" },
  };
  for (const [name, { content, message }] of Object.entries(rows)) {
    await t.step(name, async () => {
      const folder = await Deno.makeTempDir({ prefix: "with space " });
      try {
        for (const [file, bytes] of Object.entries(content)) {
          const parent = file.slice(0, file.lastIndexOf("/") + 1);
          await Deno.mkdir(`${folder}/${parent}`, { recursive: true });
          await Deno.writeFile(`${folder}/${file}`, bytes);
        }
        for (const source of [folder, `${folder}/`, new URL(`file://${encodeURI(folder)}/`)]) {
          if (message === undefined) {
            const model = await loadModel(source);
            assert(model.layers.length > 0);
            model.dispose();
          } else await assertRejects(() => loadModel(source), ModelError, message);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
  await t.step("no folder", async () => {
    await assertRejects(() => loadModel("no/such/folder/"), ModelError, "no such folder");
    await assertRejects(() => loadModel("no/such/folder"), ModelError, "no such file");
  });
});
