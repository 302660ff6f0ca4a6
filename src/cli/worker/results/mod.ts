/**
 * What results can be written as, by the endings of files' names. A new kind is one file beside this one and one line here.
 *
 * @module
 */
import { quote } from "../../../base/quote.ts";
import { makeWhole } from "../../../platform/write.ts";
import { UsageError } from "../../usage_error.ts";
import { ndjson, ndjsonGzip } from "./ndjson.ts";
import type { ResultFormat } from "./result_format.ts";

/** Parquet takes a library, which is loaded where it is written. */
const parquet: ResultFormat = {
  title: "Parquet",
  endings: [".parquet"],
  async write(path, results) {
    await (await import("./parquet.ts")).writeParquet(path, results);
  },
};

const formats: readonly ResultFormat[] = [ndjsonGzip, ndjson, parquet];

/** The endings of all kinds, for the help. */
export const resultEndings: readonly string[] = formats.flatMap(({ endings }) => endings);

/** The ending of a file of results; `undefined` where it is none. */
export function resultEnding(path: string): string | undefined {
  return resultEndings.find((ending) => path.toLowerCase().endsWith(ending));
}

/**
 * How a file of results is written, by its name.
 *
 * @throws {UsageError} If nothing is written under such a name.
 */
export function findResultFormat(path: string): ResultFormat {
  const ending = resultEnding(path);
  const format = ending && formats.find(({ endings }) => endings.includes(ending));
  if (format) return format;
  throw new UsageError(
    `Cannot write results to ${quote(path)}: use a name that ends in ${resultEndings.join(", ")}`,
  );
}

/**
 * Write a file of results whole or not at all.
 *
 * @param results A line of JSON each.
 * @throws {OutputError} If it cannot be written.
 */
export async function writeResults(path: string, results: AsyncIterable<string>): Promise<void> {
  await makeWhole(path, (temporary) => findResultFormat(path).write(temporary, results));
}
