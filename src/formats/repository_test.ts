/** Repositories of models, as Hugging Face lays them out: which of several files is taken, and what lies beside it. */
import { assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../base/errors.ts";
import { leavingNoTensors, testdata, tryBackend } from "../testing/mod.ts";
import type { ModelFiles } from "./file_set.ts";
import { type FolderSource, openFolder } from "./folder.ts";
import { loadModel } from "./mod.ts";
import type { ModelFolder } from "./model_folder.ts";
import { readSidecars } from "./sidecars.ts";
import { encode } from "./testing.ts";

const processor = encode(
  '{"image_processor_type": "ViTImageProcessor", "size": {"height": 192, "width": 224}}',
);
const config = encode(
  '{"id2label": {"0": "cat", "1": "dog"}, "architectures": ["ViTForImageClassification"]}',
);

/** How ONNX files begin, and something to tell them apart by. */
function onnx(mark: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(8, 7, mark);
}

const repository = {
  "config.json": config,
  "preprocessor_config.json": processor,
  "README.md": encode("# A model"),
  "model.safetensors": encode("x"),
  "tf_model.h5": encode("\x89HDF\r\n\x1a\n"),
  "onnx/model.onnx": onnx(1),
  "onnx/model_fp16.onnx": onnx(2),
  "onnx/model_quantized.onnx": onnx(3),
};

async function withFolder(files: Readonly<Record<string, Uint8Array>>, use: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${name.slice(0, name.lastIndexOf("/") + 1)}`, { recursive: true });
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function withServer(answer: (path: string) => Response, use: (origin: string) => Promise<void>) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => answer(new URL(request.url).pathname),
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

/** Whether a folder's main file and what lies beside it are the repository's. */
async function holds(folder: ModelFolder, mark: number): Promise<void> {
  assertEquals([...folder.main], [8, 7, mark]);
  const { labels, preprocessing, preprocessingFrom } = await readSidecars(folder);
  assertEquals(labels, ["cat", "dog"]);
  assertEquals([preprocessing?.name, preprocessing?.size], ["ViTImageProcessor", [192, 224]]);
  assertEquals(preprocessingFrom, "preprocessor_config.json");
}

const note =
  'of 3 ONNX files "onnx/model.onnx" was taken, not "onnx/model_fp16.onnx", "onnx/model_quantized.onnx"';

Deno.test("openFolder() takes a repository as a whole", async (t) => {
  await withFolder(repository, async (path) => {
    const sources: Record<string, FolderSource> = {
      "its path": path,
      "its path with a slash": `${path}/`,
      "its file: URL": new URL(`file://${path}/`),
      "its files by name": repository,
      "its folder's files by name": Object.fromEntries(
        Object.entries(repository).map(([name, bytes]) => [`net/${name}`, bytes]),
      ),
      "files chosen from it": Object.entries(repository).map(([name, bytes]) => {
        const file = new File([bytes], name.split("/").at(-1)!);
        Object.defineProperty(file, "webkitRelativePath", { value: `net/${name}` });
        return file;
      }),
    };
    for (const [name, source] of Object.entries(sources)) {
      await t.step(name, async () => {
        const folder = await openFolder(source);
        await holds(folder, 1);
        assertEquals(folder.notes?.map((one) => one.replaceAll("net/", "")), [note]);
      });
    }
    await t.step("one of its files by its path, which is taken without a word", async () => {
      for (const file of [`${path}/onnx/model_fp16.onnx`, new URL(`file://${path}/onnx/model_fp16.onnx`)]) {
        const folder = await openFolder(file);
        await holds(folder, 2);
        assertEquals(folder.notes, []);
      }
    });
  });
});

Deno.test("openFolder() takes the ONNX file at the top of a repository", async () => {
  const { "onnx/model.onnx": _, ...files } = { ...repository, "model.onnx": onnx(4) };
  await withFolder(files, async (path) => {
    const folder = await openFolder(path);
    await holds(folder, 4);
    assertEquals(folder.notes, []);
  });
});

Deno.test("openFolder() finds a repository's model on a server", async (t) => {
  const files: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = repository;
  const page = () =>
    new Response("<!doctype html><title>A model</title>", { headers: { "content-type": "text/html" } });
  const answer = (path: string) => {
    const [, revision, name = ""] = /^\/org\/net\/resolve\/(main|v2)\/(.*)$/.exec(path) ?? [];
    const content = revision && files[name];
    if (content) return new Response(content);
    return /^\/org\/net($|\/(tree|blob)\/)/.test(path) ? page() : new Response("none", { status: 404 });
  };
  await withServer(answer, async (origin) => {
    const rows: Record<string, readonly [path: string, mark: number, notes: readonly string[]]> = {
      "the folder of its files": [
        "/org/net/resolve/main/",
        1,
        ['"onnx/model.onnx" was taken, as it is there'],
      ],
      "its page": ["/org/net", 1, ['"onnx/model.onnx" was taken, as it is there']],
      "the page of a folder": ["/org/net/tree/v2/", 1, ['"onnx/model.onnx" was taken, as it is there']],
      "a file's page": ["/org/net/blob/main/onnx/model_quantized.onnx", 3, []],
      "a file": ["/org/net/resolve/v2/onnx/model_fp16.onnx", 2, []],
    };
    for (const [name, [path, mark, notes]] of Object.entries(rows)) {
      await t.step(name, async () => {
        const folder = await openFolder(origin + path);
        await holds(folder, mark);
        assertEquals(folder.notes, notes);
      });
    }
    await t.step("a folder without a model", async () => {
      await assertRejects(
        () => openFolder(`${origin}/org/other/resolve/main/`),
        ModelError,
        "the server answered 404",
      );
    });
  });
});

Deno.test("loadModel() says why a repository cannot be opened", async (t) => {
  await tryBackend("cpu");
  const rows: Record<string, readonly [ModelFiles, string]> = {
    "weights alone": [
      { "config.json": config, "model.safetensors": encode("x") },
      "it holds weights whose network is code of transformers or timm: export the model as ONNX",
    ],
    "TensorFlow's weights alone": [
      { "config.json": config, "tf_model.h5": encode("x"), "preprocessor_config.json": processor },
      "it holds weights whose network is code of transformers or timm",
    ],
    "ONNX files of several models": [
      { "config.json": config, "cats.onnx": onnx(1), "dogs.onnx": onnx(2) },
      "it holds several models: give one of cats.onnx, dogs.onnx",
    ],
  };
  for (const [name, [files, message]] of Object.entries(rows)) {
    await t.step(name, async () => {
      await assertRejects(() => loadModel(files), ModelError, message);
    });
  }
});

Deno.test("loadModel() reads a repository's files beside a model of any format", async () => {
  await tryBackend("cpu");
  await leavingNoTensors(async () => {
    const keras = await Deno.readFile(new URL("zoo/transfer/keras3.keras", testdata));
    using model = await loadModel({
      "m.keras": keras,
      "preprocessor_config.json": processor,
      "config.json": config,
    });
    assertEquals(model.labels, ["cat", "dog"]);
    assertEquals(model.preprocessing?.interpolation, "bilinear");
  });
});
