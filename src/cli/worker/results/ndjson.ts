import { bytesOf, type ResultFormat } from "./result_format.ts";

/** A line of JSON each. */
export const ndjson: ResultFormat = {
  title: "NDJSON",
  endings: [".ndjson", ".jsonl"],
  async write(path, results) {
    await Deno.writeFile(path, ReadableStream.from(bytesOf(results)), { createNew: true });
  },
};

/** The same, packed. */
export const ndjsonGzip: ResultFormat = {
  title: "NDJSON, packed by gzip",
  endings: [".ndjson.gz", ".jsonl.gz"],
  async write(path, results) {
    const packed = ReadableStream.from(bytesOf(results)).pipeThrough(new CompressionStream("gzip"));
    await Deno.writeFile(path, packed, { createNew: true });
  },
};
