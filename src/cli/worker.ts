import type { Command } from "./command.ts";
import type { CliIo } from "./io.ts";
import { printError } from "./reporter.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";
import { workerHeading } from "./worker_heading.ts";
import { endCodes, failureKinds, failureOf } from "./worker/failures.ts";
import { resultFields } from "./worker/fields.ts";
import { workerOptions } from "./worker/worker_options.ts";

async function run(values: Values, io: CliIo): Promise<number> {
  const { runWorker } = await import("./worker/run.ts");
  try {
    return await runWorker(values, io);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isGone = error instanceof Deno.errors.BrokenPipe;
    const told = isGone ? new Error("Nobody reads the results any more") : error;
    await printError(io.stderr, told, values.flag("debug")).catch(() => {}); // nobody may read that either
    return isGone || io.signal.aborted || failureOf(error).retry ? endCodes.retry : endCodes.failed;
  }
}

/** The command with all that its help says. */
export const wholeWorkerCommand: Command = {
  ...workerHeading,
  options: workerOptions,
  tables: [
    { title: "Fields of a result (--fields)", rows: resultFields.map(({ name, what }) => [name, what]) },
    {
      title: "Codes of errors",
      rows: failureKinds.map(({ code, what, retry }) => [code, retry ? `${what} (retry)` : what]),
    },
  ],
  notes: [
    'A record is {"photo": "a.jpg"} or {"bytes": "… base64 …"}, with an "id", a "pass" that is handed through, and any option ' +
    'of explain by its name, such as {"class": ["tabby"], "method": "layercam", "save": "overlay"}. Its result is a line with the ' +
    "same id, in the records' order: the fields asked for, or an error with its code and whether a retry may help. A line that " +
    "is no record has an error too. All else is said on standard error.",
    "With operands it works on photos, folders, or lists: .txt of paths, .ndjson or .jsonl of records, of which --shard takes a part.",
    "Files are named by the record's id and a hash of its settings, so that the same work done twice leaves the same files.",
    "The exit code is 0 when all records were answered, with --strict 1 if one failed; 2 if the command line is wrong; 75 for what a " +
    "retry may mend (the network, memory, a full disk, SIGTERM); 70 for what it will not. SIGTERM and SIGINT: what was taken is answered.",
  ],
  examples: [
    {
      what: "From one program to another",
      line: "worker --save overlay --out maps/ < records.ndjson > results.ndjson",
    },
    { what: "A folder into Parquet, on all cores", line: "worker photos/ --parquet results.parquet" },
    {
      what: "The third of eight parts of a list",
      line: "worker list.txt --shard 2/8 --results results.ndjson.gz --resume",
    },
  ],
  run,
};
