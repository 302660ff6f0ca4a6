import { assert, assertEquals } from "@std/assert";
import {
  addSummaries,
  findTests,
  formatSummary,
  groupTests,
  isMeasuring,
  readFailures,
  readSummary,
} from "./test_suite.ts";

const root = new URL("../", import.meta.url);

const failed = {
  passed: 567,
  failed: 1,
  ignored: 2,
  steps: { passed: 5815, failed: 6, ignored: 1 },
};
const line = "FAILED | 567 passed (5815 steps) | 1 failed (6 steps) | 2 ignored (1 step)";

Deno.test("readSummary() reads what deno test says at its end, and nothing else", () => {
  const none = { passed: 0, failed: 0, ignored: 0 };
  const rows = [
    [`a test ... FAILED (6s)\n\n${line} (10m27s)\n\nerror: Test failed\n`, failed],
    ["\x1b[0m\x1b[32mok\x1b[0m | 9 passed | 0 failed | 8 filtered out \x1b[0m\x1b[38;5;245m(16s)\x1b[0m\n", {
      ...none,
      passed: 9,
      steps: none,
    }],
    ["ok | 1 passed (1 step) | 0 failed (4ms)", { ...none, passed: 1, steps: { ...none, passed: 1 } }],
    ["running 3 tests from a_test.ts\none ... ok (1ms)\ndouble free or corruption (out)\n", undefined],
    ["FAILED | no such thing", undefined],
  ] as const;
  for (const [text, expected] of rows) assertEquals(readSummary(text), expected, text);
});

Deno.test("readFailures() reads what deno test says of those that failed", () => {
  const errors =
    "ERRORS \n\none => ./a_test.ts:1:6\nerror: Error: no\n\n FAILURES \n\none => ./a_test.ts:1:6";
  const head = "running 1 test from ./a_test.ts\none ... FAILED (1ms)\n\n";
  assertEquals(readFailures(`${head} ${errors}\n\n${line} (10m27s)\n\nerror: Test failed\n`), errors);
  assertEquals(
    readFailures(
      `${head}\x1b[0m\x1b[1m\x1b[37m\x1b[41m ERRORS \x1b[0m\n\nb => c\n\x1b[31mFAILED\x1b[0m | 0 passed | 1 failed`,
    ),
    "ERRORS \n\nb => c",
  );
  assertEquals(readFailures("ok | 1 passed (1 step) | 0 failed (4ms)"), "");
});

Deno.test("formatSummary() writes what readSummary() reads", () => {
  assertEquals(formatSummary(failed, 627_400), `${line} (10m27s)`);
  const one = readSummary("ok | 1 passed | 0 failed (4ms)")!;
  assertEquals(formatSummary(one, 4), "ok | 1 passed | 0 failed (0s)");
  const sum = addSummaries(failed, one);
  assertEquals(readSummary(formatSummary(sum, 5000)), { ...failed, passed: 568 });
});

Deno.test("findTests() tells the tests that look at the clock or at memory, themselves or by what they share", async () => {
  const { measuring: found, others, documented } = await findTests(root);
  for (const path of ["mod.ts", "src/explain/gradcam.ts"]) assert(documented.includes(path), path);
  const some = ["src/input/image/native_test.ts", "src/cli/interruptions_test.ts", "backends/mod_test.ts"];
  for (const path of some) assert(found.includes(path), path);
  for (const path of ["architecture_test.ts", "src/draw/overlay_test.ts"]) {
    assert(others.includes(path), path);
  }
  assertEquals(found.filter((path) => others.includes(path)), []);
  const folder = await Deno.makeTempDir();
  try {
    const at = new URL(`file://${folder}/`);
    await Deno.mkdir(new URL("testing/", at));
    await Deno.writeTextFile(
      new URL("testing/clock.ts", at),
      `export const now = () => ${"performance"}.now();`,
    );
    await Deno.writeTextFile(new URL("a_test.ts", at), `import { now } from "./testing/clock.ts";`);
    await Deno.writeTextFile(new URL("b_test.ts", at), `import { other } from "./other.ts";`);
    await Deno.writeTextFile(
      new URL("c.ts", at),
      "/**\n * ```ts\n * c();\n * ```\n */\nexport const c = () => {};",
    );
    assertEquals(await findTests(at), {
      measuring: ["a_test.ts"],
      others: ["b_test.ts"],
      documented: ["c.ts"],
    });
    assertEquals(await isMeasuring(new URL("b_test.ts", at)), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("groupTests() puts files of a folder together, and leaves none out", () => {
  const files = [
    "a_test.ts",
    ...Array.from({ length: 9 }, (_, at) => `src/draw/${at}_test.ts`),
    "src/b_test.ts",
  ];
  const groups = groupTests(files);
  assertEquals(groups.map(({ name, files }) => [name, files.length]), [
    ["1", 1],
    ["src-draw-1", 8],
    ["src-draw-2", 1],
    ["src-1", 1],
  ]);
  assertEquals(groups.flatMap(({ files }) => files), files);
});
