import { assertEquals, assertRejects } from "@std/assert";
import { gradcam } from "../explain/gradcam.ts";
import { loadModel } from "../formats/mod.ts";
import { beside, inside, lastPartOf, nameOf, pathOf, readBytes, ReadError, toLocation } from "./files.ts";
import { ImageError, ModelError } from "../base/errors.ts";
import { writeWhole } from "./write.ts";

Deno.test("toLocation() tells URLs from paths", () => {
  const cases: [string, string][] = [
    ["https://example.com/a b.png", "https://example.com/a%20b.png"],
    ["photo.png", "photo.png"],
    ["C:\\photos\\cat.png", "C:\\photos\\cat.png"],
    ["file:///a/b.png", "file:///a/b.png"],
    ["data:image/png;base64,AAAA", "data: URL"],
  ];
  for (const [source, name] of cases) assertEquals(nameOf(toLocation(source)), name);
});

Deno.test("beside() and inside() stay where the file is", () => {
  assertEquals(beside("models/a/model.json", "weights.bin"), "models/a/weights.bin");
  assertEquals(beside("model.json", "weights.bin"), "weights.bin");
  assertEquals(
    String(beside(new URL("https://example.com/m/model.json?v=2"), "w.bin")),
    "https://example.com/m/w.bin",
  );
  assertEquals(inside("models/a/", "model.json"), "models/a/model.json");
  assertEquals(String(inside(new URL("file:///m"), "a/100% #1.keras")), "file:///m/a/100%25%20%231.keras");
  assertEquals(
    String(inside(new URL("https://example.com/m"), "model.json")),
    "https://example.com/m/model.json",
  );
});

Deno.test("lastPartOf() is the name alone", async (t) => {
  const cases: readonly (readonly [location: string | URL, name: string | undefined])[] = [
    ["cat.jpg", "cat.jpg"],
    ["/home/me/photos/cat 1.jpg", "cat 1.jpg"],
    ["models/pets/", "pets"],
    ["C:\\Users\\me\\cat.jpg", "cat.jpg"],
    ["100%.png", "100%.png"],
    [new URL("https://example.com/a/gr%C3%BCn.png?token=secret#x"), "grün.png"],
    [new URL("https://example.com/o/models%2Fpets?alt=media"), "pets"],
    [new URL("https://example.com/50%.png"), "50%.png"],
    [new URL("file:///home/me/cat.jpg"), "cat.jpg"],
    [new URL("https://example.com/"), undefined],
    [new URL("data:image/png;base64,AAAA"), undefined],
    [new URL("blob:null/1234"), undefined],
    ["..", undefined],
    [".", undefined],
    ["/", undefined],
    ["", undefined],
  ];
  for (const [location, name] of cases) {
    await t.step(`${location}`, () => assertEquals(lastPartOf(location), name));
  }
});

Deno.test("what is no URL is refused by name", async () => {
  await assertRejects(() => readBytes("http://"), ReadError, "it is no URL");
  await assertRejects(() => gradcam("https://"), ImageError, 'Cannot read "https://": it is no URL');
  await assertRejects(() => loadModel("http://["), ModelError, 'Cannot open model "http://[": it is no URL');
});

Deno.test("writeWhole() takes file URLs with spaces", async () => {
  const folder = await Deno.makeTempDir({ prefix: "with space" });
  try {
    const url = new URL("a b.bin", `file://${folder.replaceAll(" ", "%20")}/`);
    await writeWhole(url, new Uint8Array([1, 2]));
    assertEquals(pathOf(url), `${folder}/a b.bin`);
    assertEquals([...await readBytes(url)], [1, 2]);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["a b.bin"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readBytes() downloads what servers send in any way, and no more than is allowed", async (t) => {
  const content = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  const streamOf = (bytes: Uint8Array<ArrayBuffer>, pieces: number) =>
    ReadableStream.from(Array.from({ length: pieces }, (_, index) => {
      const size = Math.ceil(bytes.length / pieces);
      return bytes.subarray(index * size, (index + 1) * size);
    }));
  const answers: Readonly<Record<string, () => BodyInit>> = {
    "of a length that is said": () => content,
    "of a length that is not said": () => streamOf(content, 7),
    "packed": () => streamOf(content, 3).pipeThrough(new CompressionStream("gzip")),
  };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return new Response(
      answers[name]!(),
      name === "packed" ? { headers: { "content-encoding": "gzip" } } : {},
    );
  });
  try {
    for (const name of Object.keys(answers)) {
      await t.step(name, async () => {
        const url = new URL(encodeURIComponent(name), `http://127.0.0.1:${server.addr.port}/`);
        let told = 0;
        const bytes = await readBytes(url, { onBytes: (count) => told += count });
        assertEquals([bytes.length, told], [content.length, content.length]);
        assertEquals(bytes.every((value, index) => value === content[index]), true);
        assertEquals(bytes.buffer.byteLength, content.length, "nothing more is kept");
        await assertRejects(
          () => readBytes(url, { maxBytes: content.length - 1 }),
          ReadError,
          `larger than ${content.length - 1} bytes`,
        );
      });
    }
  } finally {
    await server.shutdown();
  }
});
