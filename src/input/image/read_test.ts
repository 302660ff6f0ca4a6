import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeBase64Url, testdata } from "../../testing/mod.ts";
import { ImageError } from "../../base/errors.ts";
import { type PhotoSource, readImage } from "./read.ts";

const file = new URL("images/plain.png", testdata);

Deno.test("readImage() takes a photo from wherever it is", async (t) => {
  const bytes = await Deno.readFile(file);
  const sources: Readonly<Record<string, PhotoSource>> = {
    "a path": file.pathname,
    "a file URL": file,
    "a file URL as text": file.href,
    "a data URL": encodeBase64Url("image/png", bytes),
    "bytes": bytes,
    "a buffer": bytes.slice().buffer,
    "a blob": new Blob([bytes]),
  };
  for (const [name, source] of Object.entries(sources)) {
    await t.step(name, async () => {
      const { width, height, format } = await readImage(source);
      assertEquals([width, height, format], [40, 26, "png"]);
    });
  }
});

Deno.test("readImage() downloads, and says what the server answered", async (t) => {
  const bytes = await Deno.readFile(file);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const found = new URL(request.url).pathname === "/plain.png";
    return found ? new Response(bytes) : new Response("nothing here", { status: 404 });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  try {
    await t.step("found", async () => assertEquals((await readImage(`${origin}/plain.png`)).width, 40));
    await t.step("not found", async () => {
      await assertRejects(
        () => readImage(`${origin}/none.png`),
        ImageError,
        `Cannot read "${origin}/none.png": the server answered 404 Not Found`,
      );
    });
    await t.step("aborted", async () => {
      const error = await assertRejects(() =>
        readImage(`${origin}/plain.png`, { signal: AbortSignal.abort() })
      );
      assert(!(error instanceof ImageError));
    });
  } finally {
    await server.shutdown();
  }
});

Deno.test("readImage() says in one line what is wrong", async (t) => {
  const folder = await Deno.makeTempDir();
  const text = `${folder}/text.jpg`;
  await Deno.writeTextFile(text, "not a photo");
  const cases: readonly (readonly [string, string])[] = [
    [`${folder}/none.jpg`, `Cannot read "${folder}/none.jpg": no such file`],
    [folder, `Cannot read "${folder}": it is a folder: give photos that lie in it`],
    [text, `Cannot decode "${text}": it is no image: use JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF`],
  ];
  for (const [source, message] of cases) {
    await t.step(message, async () => {
      assertEquals((await assertRejects(() => readImage(source), ImageError)).message, message);
    });
  }
  await t.step("a wrong type", async () => {
    await assertRejects(() => readImage(7 as unknown as string), TypeError, "Cannot read a photo");
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "readImage() says which permission is missing",
  permissions: { read: false },
  async fn() {
    await assertRejects(
      () => readImage("photo.jpg"),
      ImageError,
      'Cannot read "photo.jpg": permission denied: allow it with --allow-read=photo.jpg',
    );
  },
});
