import { quote } from "../../base/quote.ts";
import { type ExplainRequest, readExplainRequest } from "../explain_request.ts";
import { splitList } from "../option.ts";
import { UsageError } from "../usage_error.ts";
import type { Values } from "../values.ts";
import { type ResultFieldName, usualFields } from "./fields.ts";
import { findResultFormat } from "./results/mod.ts";
import { chooseShard, nameOfShard, type Shard, wholeList } from "./shard.ts";
import { usualLine } from "./worker_options.ts";

/** What the worker is asked for. */
export interface WorkerRequest {
  /** What each record is asked, unless it says otherwise. */
  readonly usual: ExplainRequest;
  /** The folder that files go into; empty for the current one. */
  readonly folder: string;
  readonly fields: readonly ResultFieldName[];
  /** Which of the operands' photos are worked on. */
  readonly shard: Shard;
  /** The files that results go to, this shard's own; none where they go to standard output. */
  readonly resultFiles: readonly string[];
  readonly isResumed: boolean;
  readonly isStrict: boolean;
  /** In bytes. */
  readonly longestLine: number;
}

function checkResultFiles(values: Values): string[] {
  const [results, parquet] = [values.text("results"), values.text("parquet")];
  if (parquet !== undefined && !parquet.toLowerCase().endsWith(".parquet")) {
    throw new UsageError(`Cannot write Parquet to ${quote(parquet)}: use a name that ends in .parquet`);
  }
  const files = [results, parquet].filter((path) => path !== undefined);
  for (const path of files) findResultFormat(path);
  return files;
}

function checkTogether(values: Values, { kinds }: ExplainRequest, files: readonly string[]): void {
  const out = values.text("out");
  if (out === "-") {
    throw new UsageError("Cannot use --out - : standard output is for the results: name a folder");
  }
  if (values.operands.length === 0 && values.text("shard") !== undefined) {
    throw new UsageError("Cannot use --shard with standard input: give a list, a folder or photos");
  }
  if (values.flag("resume") && kinds.length === 0 && files.length === 0 && out === undefined) {
    throw new UsageError("Cannot use --resume where nothing is written: use --results FILE, or --out FOLDER");
  }
}

/**
 * What the command line asks of the worker. Nothing is saved of a photo unless `--save` says what.
 *
 * @throws {UsageError} If options do not go together.
 */
export function readWorkerRequest(values: Values): WorkerRequest {
  const saving = values.text("save") === undefined ? values.with({ save: "none" }) : values;
  const usual = readExplainRequest(saving.with({ out: undefined }));
  const files = checkResultFiles(values);
  checkTogether(values, usual, files);
  const shard = values.operands.length === 0 ? wholeList : chooseShard(values.text("shard"));
  const fields = values.text("fields");
  return {
    usual,
    folder: values.text("out") ?? "",
    fields: fields === undefined ? usualFields : splitList(fields) as ResultFieldName[],
    shard,
    resultFiles: files.map((path) => nameOfShard(path, shard)),
    isResumed: values.flag("resume"),
    isStrict: values.flag("strict"),
    longestLine: (values.number("max-line") ?? usualLine) * 2 ** 20,
  };
}

/** What records are read with: the command line's options, nothing saved unless it says what. */
export function valuesOfRecords(values: Values): Values {
  return values.with({ save: values.text("save") ?? "none", out: undefined });
}
