/**
 * Which tests there are, and what they come to.
 *
 * @module
 */

/** Numbers of tests, or of their steps. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/** What tests came to. */
export interface TestSummary extends TestCounts {
  readonly steps: TestCounts;
}

const kinds = ["passed", "failed", "ignored"] as const;

/**
 * What `deno test` says of all tests at its end, such as
 * `FAILED | 567 passed (5815 steps) | 1 failed (6 steps) | 1 ignored (141 steps) (10m27s)`.
 *
 * @param output The end of what it wrote, with colours or without.
 * @returns `undefined` where it did not come to that.
 */
export function readSummary(output: string): TestSummary | undefined {
  // deno-lint-ignore no-control-regex
  const plain = output.replaceAll(/\x1b\[[0-9;]*m/g, "");
  const line = [...plain.matchAll(/^(?:ok|FAILED) \| (?=\d+ passed).*$/gm)].at(-1)?.[0];
  if (line === undefined) return undefined;
  const found = kinds.map((kind) => {
    const [, tests = 0, steps = 0] = new RegExp(`(\\d+) ${kind}(?: \\((\\d+) steps?\\))?`).exec(line) ?? [];
    return [kind, Number(tests), Number(steps)] as const;
  });
  return {
    ...Object.fromEntries(found.map(([kind, tests]) => [kind, tests])) as unknown as TestCounts,
    steps: Object.fromEntries(found.map(([kind, _, steps]) => [kind, steps])) as unknown as TestCounts,
  };
}

/**
 * What `deno test` says once more at its end of the tests that failed: their errors, and their names.
 *
 * @param output What it wrote, with colours or without.
 * @returns Without colours; empty where none failed.
 */
export function readFailures(output: string): string {
  // deno-lint-ignore no-control-regex
  const plain = output.replaceAll(/\x1b\[[0-9;]*m/g, "");
  return /^ ERRORS $[^]*?(?=^FAILED \| \d)/m.exec(plain)?.[0].trim() ?? "";
}

function addCounts(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, ignored: a.ignored + b.ignored };
}

/** What the tests of two processes come to. */
export function addSummaries(a: TestSummary, b: TestSummary): TestSummary {
  return { ...addCounts(a, b), steps: addCounts(a.steps, b.steps) };
}

/** The same line as {@linkcode readSummary} reads. */
export function formatSummary(summary: TestSummary, ms: number): string {
  const parts = kinds.filter((kind) => kind !== "ignored" || summary.ignored > 0).map((kind) => {
    const steps = summary.steps[kind];
    return `${summary[kind]} ${kind}${steps > 0 ? ` (${steps} step${steps === 1 ? "" : "s"})` : ""}`;
  });
  const seconds = Math.round(ms / 1000);
  const time = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  return `${[summary.failed > 0 ? "FAILED" : "ok", ...parts].join(" | ")} (${time})`;
}

/** What tells that code looks at the clock or at the memory of the process. */
const measures = /\bperformance\.now\(|\bDate\.now\(|\bDeno\.memoryUsage\(/;

/** What a test imports of what is shared by tests alone. */
const sharedImports =
  /^(?:import|export|\}).*\bfrom "(\.{1,2}\/(?:[\w/.]*\/)?(?:testing\.ts|testing\/\w+\.ts))"/gm;

/** Whether a test measures, or what it shares with others does. */
export async function isMeasuring(file: URL): Promise<boolean> {
  const text = await Deno.readTextFile(file);
  if (measures.test(text)) return true;
  for (const [, path] of text.matchAll(sharedImports)) {
    if (await isMeasuring(new URL(path!, file))) return true;
  }
  return false;
}

/** Folders that hold no tests. */
const passedOver = /^(\.|node_modules$|out$|coverage$)/;

async function modulesIn(folder: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && !passedOver.test(name)) found.push(...await modulesIn(new URL(`${name}/`, folder)));
    else if (name.endsWith(".ts")) found.push(new URL(name, folder));
  }
  return found;
}

/** Whether a module's documentation holds examples. */
async function hasExamples(file: URL): Promise<boolean> {
  return /^ *\* ```ts/m.test(await Deno.readTextFile(file));
}

async function filter<Item>(items: readonly Item[], test: (item: Item) => Promise<boolean>): Promise<Item[]> {
  const are = await Promise.all(items.map(test));
  return items.filter((_, at) => are[at]);
}

/** All tests, by their paths from a folder, in order. */
export interface Tests {
  /** Those that measure. */
  readonly measuring: readonly string[];
  readonly others: readonly string[];
  /** Modules whose documentation holds examples. */
  readonly documented: readonly string[];
}

/** Find all tests of a folder. */
export async function findTests(folder: URL): Promise<Tests> {
  const all = await modulesIn(folder);
  const [tests = [], modules = []] = [true, false].map((are) =>
    all.filter(({ href }) => href.endsWith("_test.ts") === are)
  );
  const measuring = await filter(tests, isMeasuring);
  const paths = (files: readonly URL[]) => files.map(({ href }) => href.slice(folder.href.length)).sort();
  return {
    measuring: paths(measuring),
    others: paths(tests.filter((test) => !measuring.includes(test))),
    documented: paths(await filter(modules, hasExamples)),
  };
}

/** How many files of tests share what they import, at most: what they leave to the collector adds up. */
const filesOfGroup = 8;

/** Files of tests that are run as one. */
export interface TestGroup {
  /** Of their folder, and which of its groups it is. */
  readonly name: string;
  readonly files: readonly string[];
}

/** Files of the same folder together, some at a time. */
export function groupTests(files: readonly string[]): TestGroup[] {
  const folders = Map.groupBy(files, (file) => file.replace(/[^/]*$/, ""));
  return [...folders].flatMap(([folder, files]) =>
    Array.from({ length: Math.ceil(files.length / filesOfGroup) }, (_, at) => ({
      name: `${folder}${at + 1}`.replaceAll("/", "-"),
      files: files.slice(at * filesOfGroup, (at + 1) * filesOfGroup),
    }))
  );
}
