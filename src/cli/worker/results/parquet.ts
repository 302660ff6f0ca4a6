import {
  type ColumnSource,
  fileWriter,
  ParquetWriter,
  schemaFromColumnData,
} from "npm:hyparquet-writer@0.17.0";

/** How many rows, and how many characters of results, a row group has at most: so much is in memory at a time. */
const mostRows = 10_000;
const mostCharacters = 2 ** 25;

/** A result as it was written; what was not asked for is missing. */
interface Result {
  readonly line: number;
  readonly id: unknown;
  readonly photo?: string;
  readonly pass?: unknown;
  readonly classes?: readonly { classIndex: number; label: string | null; score: number; method: string }[];
  readonly scores?: readonly { classIndex: number; label: string | null; score: number }[];
  readonly files?: readonly { path: string }[];
  readonly error?: { readonly code: string; readonly message: string; readonly retry: boolean };
}

/** A column: its name, its type, and what it holds of a result. */
interface Column {
  readonly name: string;
  readonly type: "STRING" | "INT32" | "DOUBLE" | "BOOLEAN" | "JSON";
  of(result: Result, line: string): unknown;
}

const first = ({ classes, scores }: Result) => classes?.[0] ?? scores?.[0];
const asText = (value: unknown) => typeof value === "string" ? value : JSON.stringify(value);

/** What engines ask for most has a column of its own; the whole result is there too. */
const columns: readonly Column[] = [
  { name: "id", type: "STRING", of: ({ id }) => id === null ? undefined : asText(id) },
  { name: "line", type: "INT32", of: ({ line }) => line },
  { name: "photo", type: "STRING", of: ({ photo }) => photo },
  { name: "class_index", type: "INT32", of: (result) => first(result)?.classIndex },
  { name: "label", type: "STRING", of: (result) => first(result)?.label ?? undefined },
  { name: "score", type: "DOUBLE", of: (result) => first(result)?.score },
  { name: "file", type: "STRING", of: ({ files }) => files?.[0]?.path },
  { name: "error_code", type: "STRING", of: ({ error }) => error?.code },
  { name: "error_message", type: "STRING", of: ({ error }) => error?.message },
  { name: "error_retry", type: "BOOLEAN", of: ({ error }) => error?.retry },
  { name: "pass", type: "STRING", of: ({ pass }) => pass === undefined ? undefined : JSON.stringify(pass) },
  { name: "result", type: "STRING", of: (_result, line) => line },
];

function columnData(lines: readonly string[]): ColumnSource[] {
  const results: Result[] = lines.map((line) => JSON.parse(line));
  return columns.map(({ name, type, of }) => ({
    name,
    type,
    nullable: true,
    data: results.map((result, at) => of(result, lines[at]!)),
  }));
}

/**
 * Write results as Parquet, a row group at a time.
 *
 * @param path A file that is not there yet.
 * @param results A line of JSON each.
 */
export async function writeParquet(path: string, results: AsyncIterable<string>): Promise<void> {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: columnData([]) }),
    createdBy: "@xai/gradcam",
  });
  let [lines, length] = [[] as string[], 0];
  const flush = async () => {
    if (lines.length > 0) await writer.write({ columnData: columnData(lines), rowGroupSize: mostRows });
    [lines, length] = [[], 0];
  };
  for await (const line of results) {
    lines.push(line);
    length += line.length;
    if (lines.length >= mostRows || length >= mostCharacters) await flush();
  }
  await flush();
  await writer.finish();
}
