import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parquetReadObjects } from "npm:hyparquet@1.31.5";
import { OutputError } from "../../../base/errors.ts";
import { namesIn, withTempDir } from "../../testing.ts";
import { UsageError } from "../../usage_error.ts";
import { findResultFormat, writeResults } from "./mod.ts";

const results = [
  {
    id: "ä",
    line: 1,
    photo: "a.jpg",
    scores: [{ classIndex: 3, label: null, score: 0.5 }],
    files: [{ path: "x" }],
  },
  { id: 2, line: 2, pass: { day: 1 }, error: { code: "bad-photo", message: "no", retry: false } },
  { id: null, line: 3, classes: [{ classIndex: 0, label: "cat", score: 1, method: "gradcam" }], scores: [] },
];
const lines = results.map((result) => JSON.stringify(result));

async function* given(): AsyncGenerator<string> {
  yield* lines;
}

Deno.test("writeResults() writes lines of JSON, packed by the name", async () => {
  await withTempDir(async (folder) => {
    for (const name of ["a.ndjson", "a.JSONL", "a.ndjson.gz"]) {
      await writeResults(`${folder}/${name}`, given());
      const content = new Blob([await Deno.readFile(`${folder}/${name}`)]).stream();
      const plain = name.endsWith(".gz") ? content.pipeThrough(new DecompressionStream("gzip")) : content;
      assertEquals(await new Response(plain).text(), lines.map((line) => `${line}\n`).join(""), name);
    }
  });
});

Deno.test("writeResults() writes Parquet with a column for what is asked for most", async () => {
  await withTempDir(async (folder) => {
    const path = `${folder}/a.parquet`;
    await writeResults(path, given());
    const { buffer } = await Deno.readFile(path);
    const rows = await parquetReadObjects({ file: buffer });
    assertEquals(rows.map(({ result }) => result), lines);
    const all = {
      class_index: undefined,
      error_code: undefined,
      error_message: undefined,
      error_retry: undefined,
      file: undefined,
      id: undefined,
      label: undefined,
      pass: undefined,
      photo: undefined,
      score: undefined,
    };
    const told = rows.map((row) =>
      Object.fromEntries(Object.keys(all).map((name) => [name, row[name] ?? undefined]))
    );
    assertEquals(told, [
      { ...all, id: "ä", photo: "a.jpg", class_index: 3, score: 0.5, file: "x" },
      {
        ...all,
        id: "2",
        pass: '{"day":1}',
        error_code: "bad-photo",
        error_message: "no",
        error_retry: false,
      },
      { ...all, class_index: 0, label: "cat", score: 1 },
    ]);
    await writeResults(path, ReadableStream.from([]));
    assertEquals(await parquetReadObjects({ file: (await Deno.readFile(path)).buffer }), []);
  });
});

Deno.test("writeResults() leaves no half file", async () => {
  await withTempDir(async (folder) => {
    async function* broken(): AsyncGenerator<string> {
      yield* given();
      throw new Error("no more");
    }
    for (const name of ["a.ndjson", "a.ndjson.gz", "a.parquet"]) {
      await assertRejects(() => writeResults(`${folder}/${name}`, broken()), OutputError, "no more");
    }
    assertEquals(await namesIn(folder), []);
  });
  assertThrows(() => findResultFormat("a.csv"), UsageError, "use a name that ends in .ndjson.gz");
});
