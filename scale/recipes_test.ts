/** The recipes say what the worker does. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { failureKinds } from "../src/cli/worker/failures.ts";
import { arrayJobs } from "../src/cli/worker/array_jobs.ts";
import { wholeWorkerCommand } from "../src/cli/worker.ts";
import { parseCommandLine } from "../src/cli/parse.ts";
import { readWorkerRequest } from "../src/cli/worker/worker_request.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));

Deno.test("docs/worker.md lists every code of an error and every engine", async () => {
  const text = await read("docs/worker.md");
  for (const { code, what, retry } of failureKinds) {
    assertStringIncludes(text.replaceAll(/ +/g, " "), `| \`${code}\` | ${what} | ${retry ? "yes" : "no"} |`);
  }
  for (const { title, index } of arrayJobs) {
    assert(text.split("\n").some((line) => line.includes(title) && line.includes(`\`${index}\``)), title);
  }
});

Deno.test("the Kubernetes job gives the worker options that it takes, and its exit codes their meaning", async () => {
  const text = await read("scale/kubernetes/job.yaml");
  const args = [...text.matchAll(/^ +- (\/data\/\S+|--\S+)$/gm)].map(([, arg]) => arg!);
  const values = parseCommandLine(
    args.map((arg) => arg.replace("--shard=/", "--shard=3/")),
    wholeWorkerCommand,
  );
  const { shard, resultFiles, isResumed } = readWorkerRequest(values);
  assertEquals([shard.count, resultFiles.length, isResumed], [100, 2, true]);
  assertStringIncludes(text, `completions: ${shard.count}`);
  const codes = [...text.matchAll(/values: \[(.*)\]/g)].map(([, list]) => list!.split(", ").map(Number));
  assertEquals(codes, [[2, 70], [75, 137]]);
  const documented = await read("docs/worker.md");
  for (const code of [2, 70, 75]) assertStringIncludes(documented.replaceAll(/ +/g, " "), `| ${code} |`);
});

Deno.test("the Spark job has at most 60 lines", async () => {
  assert((await read("scale/spark/explain_photos.py")).trimEnd().split("\n").length <= 60);
});
