import { parquetReadObjects } from "npm:hyparquet@1.31.5";

/** A row that the job writes. */
export interface SparkRow {
  readonly id: string;
  readonly label: string | null;
  readonly score: number | null;
  readonly error: string | null;
  readonly retry: boolean | null;
  /** The worker's line. */
  readonly result: string;
}

/** All rows of a folder of Parquet. */
export async function readRows(folder: string): Promise<SparkRow[]> {
  const rows: SparkRow[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".parquet")) continue;
    const { buffer } = await Deno.readFile(`${folder}/${name}`);
    rows.push(...await parquetReadObjects({ file: buffer }) as unknown as SparkRow[]);
  }
  return rows;
}
