import { assertEquals, assertRejects } from "@std/assert";
import { gradcam } from "./gradcam.ts";
import { loadModel } from "./formats/mod.ts";
import { beside, inside, nameOf, pathOf, readBytes, ReadError, toLocation } from "./files.ts";
import { ImageError, ModelError } from "./errors.ts";
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
  assertEquals(
    String(inside(new URL("https://example.com/m"), "model.json")),
    "https://example.com/m/model.json",
  );
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
