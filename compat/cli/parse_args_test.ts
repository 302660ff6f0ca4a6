import { assertEquals } from "@std/assert";
import { type Args, parseArgs, type ParseOptions } from "./parse_args.ts";

/** What @std/cli 1.0.24 gives. */
const cases: { name: string; args: string[]; options?: ParseOptions; expected: Args }[] = [
  { name: "positional", args: ["a", "b"], expected: { _: ["a", "b"] } },
  { name: "positional numbers", args: ["1", "0x1f", "1e3", "1a"], expected: { _: [1, 31, 1000, "1a"] } },
  { name: "positional kept as strings", args: ["1"], options: { string: "_" }, expected: { _: ["1"] } },
  {
    name: "a value after a space",
    args: ["--a", "b"],
    options: { string: "a" },
    expected: { _: [], a: "b" },
  },
  { name: "a value after =", args: ["--a=b=c"], options: { string: "a" }, expected: { _: [], a: "b=c" } },
  { name: "no value", args: ["--a"], options: { string: "a" }, expected: { _: [], a: "" } },
  {
    name: "a value that begins with a dash is none",
    args: ["--a", "-"],
    options: { string: "a" },
    expected: { _: ["-"], a: "" },
  },
  { name: "a dash after =", args: ["--a=-"], options: { string: "a" }, expected: { _: [], a: "-" } },
  { name: "nothing after = is part of the name", args: ["--a="], expected: { _: [], "a=": true } },
  {
    name: "the last value counts",
    args: ["--a=1", "--a=2"],
    options: { string: "a" },
    expected: { _: [], a: "2" },
  },
  { name: "absent string", args: [], options: { string: "a" }, expected: { _: [] } },
  { name: "absent boolean", args: [], options: { boolean: "a" }, expected: { _: [], a: false } },
  {
    name: "boolean takes no value",
    args: ["--a", "b"],
    options: { boolean: "a" },
    expected: { _: ["b"], a: true },
  },
  {
    name: "boolean takes false",
    args: ["--a", "false"],
    options: { boolean: "a" },
    expected: { _: [], a: false },
  },
  {
    name: "boolean takes =no for true",
    args: ["--a=no"],
    options: { boolean: "a" },
    expected: { _: [], a: true },
  },
  {
    name: "negated only where allowed",
    args: ["--no-a"],
    options: { boolean: "a" },
    expected: { _: [], a: false, "no-a": true },
  },
  {
    name: "negated",
    args: ["--no-a"],
    options: { boolean: "a", negatable: "a", default: { a: true } },
    expected: { _: [], a: false },
  },
  {
    name: "collected",
    args: ["--a=1", "--a", "2"],
    options: { string: "a", collect: "a" },
    expected: { _: [], a: ["1", "2"] },
  },
  { name: "nothing collected", args: [], options: { string: "a", collect: "a" }, expected: { _: [], a: [] } },
  {
    name: "alias",
    args: ["-o", "x", "-q"],
    options: { string: "out", boolean: "quiet", alias: { out: "o", quiet: "q" } },
    expected: { _: [], out: "x", o: "x", quiet: true, q: true },
  },
  {
    name: "letters together",
    args: ["-qo", "-"],
    options: { string: "o", boolean: "q" },
    expected: { _: [], q: true, o: "-" },
  },
  { name: "a letter with a number", args: ["-n5"], expected: { _: [], n: 5 } },
  { name: "default", args: [], options: { string: "a", default: { a: "x" } }, expected: { _: [], a: "x" } },
  { name: "after --", args: ["a", "--", "--b", "1"], expected: { _: ["a", "--b", "1"] } },
];

Deno.test("parseArgs() answers as @std/cli does", async (t) => {
  for (const { name, args, options, expected } of cases) {
    await t.step(name, () => assertEquals({ ...parseArgs(args, options) }, expected));
  }
});

Deno.test("parseArgs() asks about what it does not know", () => {
  const asked: unknown[][] = [];
  const parsed = parseArgs(["photo.jpg", "--size=3", "--fast", "-x"], {
    string: "_",
    unknown: (...args) => {
      asked.push(args);
      return args[1] === undefined;
    },
  });
  assertEquals(parsed, { _: ["photo.jpg"] });
  assertEquals(asked, [["photo.jpg"], ["--size=3", "size", "3"], ["--fast", "fast", true], [
    "-x",
    "x",
    true,
  ]]);
});
