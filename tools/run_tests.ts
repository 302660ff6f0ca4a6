/**
 * All tests, and what they come to in one line, as `deno test` writes it.
 *
 * Types are checked once for all: `deno test` would check the modules of each worker that a test starts again. Then come
 * two processes. In the first, files of tests run beside each other; those of one folder share what they import, since to
 * load TensorFlow.js and the library takes longer than most tests do. In the second run those that look at the clock or at
 * the memory of the process, one after another, as others beside them would take of both; and the documentation's examples.
 *
 *     deno task test
 *     deno task test src/draw --filter overlay
 *
 * With arguments it is `deno test` with these.
 */
import {
  addSummaries,
  findTests,
  formatSummary,
  groupTests,
  readFailures,
  readSummary,
  type TestSummary,
} from "./test_suite.ts";

const root = new URL("../", import.meta.url);

/**
 * On Linux, GPUs are reached by way of Vulkan alone. Where OpenGL is tried too, a thread that ends while the process ends
 * breaks it down now and then ("double free or corruption"): both free what libEGL keeps for the thread. Files of tests
 * have threads that end so; the tool asks for GPUs on its main thread alone.
 */
const gpuVariables: Readonly<Record<string, string>> = Deno.build.os === "linux"
  ? { DENO_WEBGPU_BACKEND: "vulkan" }
  : {};

/** How many files run beside each other, at most: each may take a gigabyte, and as many threads as there are cores. */
const jobs = Deno.env.get("DENO_JOBS") ?? `${Math.min(navigator.hardwareConcurrency, 4)}`;

/** How a process ended. */
interface Ending {
  /** 0 where all is well. */
  readonly code: number;
  /** What its tests came to; `undefined` where it did not get there. */
  readonly summary: TestSummary | undefined;
  /** What it says of the tests that failed; empty where none did. */
  readonly failures: string;
}

/** Run Deno, and show what it writes. */
async function runDeno(args: readonly string[]): Promise<Ending> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    stdout: "piped",
    stderr: "inherit",
    env: {
      ...gpuVariables,
      DENO_JOBS: jobs,
      ...(Deno.stdout.isTerminal() && !Deno.noColor && { FORCE_COLOR: "1" }),
    },
  }).spawn();
  const decoder = new TextDecoder();
  let output = "";
  for await (const bytes of process.stdout) {
    await new Blob([bytes]).stream().pipeTo(Deno.stdout.writable, { preventClose: true });
    output += decoder.decode(bytes, { stream: true });
  }
  const { code } = await process.status;
  return { code, summary: readSummary(output), failures: readFailures(output) };
}

const none = { passed: 0, failed: 0, ignored: 0 };

/** What the tests of one process came to, and what it says of those that failed. */
type Result = Pick<Ending, "failures"> & { readonly summary: TestSummary };

/** Run tests; a process that breaks down is a test that failed. */
async function runTests(args: readonly string[]): Promise<Result> {
  const { code, summary = { ...none, steps: none }, failures } = await runDeno([
    "test",
    "--allow-all",
    "--no-check", // all are checked before
    ...args,
  ]);
  if (code === 0 || summary.failed > 0) return { summary, failures };
  const broken = `The process of these tests broke down with status ${code}, which counts as a failure`;
  console.log(broken);
  return { summary: { ...summary, failed: 1 }, failures: broken };
}

/** Run files of tests beside each other, those of a folder as one. */
async function runBeside(files: readonly string[]): Promise<Result> {
  const folder = await Deno.makeTempDir({ prefix: "gradcam-tests" });
  try {
    const groups = groupTests(files).map(({ name, files }) => ({ path: `${folder}/${name}.ts`, files }));
    for (const { path, files } of groups) {
      const imports = files.map((file) => `import ${JSON.stringify(new URL(file, root).href)};`);
      await Deno.writeTextFile(path, imports.join("\n"));
    }
    const config = new URL("deno.json", root).pathname;
    return await runTests(["--parallel", `--config=${config}`, ...groups.map(({ path }) => path)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runAll(): Promise<number> {
  const start = performance.now();
  const { code } = await runDeno(["check", "--doc"]);
  if (code !== 0) return code;
  const { measuring, others, documented } = await findTests(root);
  const beside = await runBeside(others);
  const alone = await runTests(["--doc", ...measuring, ...documented]);
  const failures = [beside, alone].map((result) => result.failures).filter((text) => text !== "");
  if (failures.length > 0) console.log(`What failed:\n\n${failures.join("\n\n")}\n`);
  const sum = addSummaries(beside.summary, alone.summary);
  console.log(`Both together:\n\n${formatSummary(sum, performance.now() - start)}\n`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
}

if (import.meta.main) {
  const { args } = Deno;
  Deno.exit(
    args.length > 0 ? (await runDeno(["test", "--allow-all", "--doc", ...args])).code : await runAll(),
  );
}
