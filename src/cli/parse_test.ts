import { assertEquals, assertThrows } from "@std/assert";
import type { Command } from "./command.ts";
import { choiceRule, listRule, numberRule } from "./option.ts";
import { parseCommandLine } from "./parse.ts";
import { UsageError } from "./usage_error.ts";

const command: Command = {
  name: "explain",
  summary: "",
  operands: { usage: "PHOTO...", min: 1, max: 3, missing: "No photo given" },
  options: [
    { name: "out", short: "o", value: "PATH", group: "", description: "" },
    { name: "class", value: "NAME", repeat: true, group: "", description: "" },
    { name: "alpha", value: "A", group: "", description: "", rule: numberRule({ min: 0, max: 1 }) },
    { name: "top", value: "K", group: "", description: "", rule: numberRule({ min: 1, whole: true }) },
    { name: "kind", value: "KIND", group: "", description: "", rule: choiceRule(["output", "logit"]) },
    { name: "save", value: "KINDS", group: "", description: "", rule: listRule(["overlay", "json"]) },
    { name: "quiet", short: "q", group: "", description: "" },
  ],
  examples: [],
  run: () => Promise.resolve(0),
};

Deno.test("parseCommandLine() sorts arguments", async (t) => {
  const cases: { args: string[]; operands: string[]; out?: string; classes?: string[]; quiet?: boolean }[] = [
    { args: ["a.png"], operands: ["a.png"] },
    { args: ["1.5", "0x10"], operands: ["1.5", "0x10"] },
    { args: ["-", "--out", "-"], operands: ["-"], out: "-" },
    { args: ["-o", "-", "a"], operands: ["a"], out: "-" },
    { args: ["-o", "maps/", "-q", "a"], operands: ["a"], out: "maps/", quiet: true },
    { args: ["a", "--out=x=y"], operands: ["a"], out: "x=y" },
    { args: ["--quiet", "a"], operands: ["a"], quiet: true },
    { args: ["--class", "1", "--class=tiger cat", "a"], operands: ["a"], classes: ["1", "tiger cat"] },
    { args: ["--", "--out", "-q"], operands: ["--out", "-q"] },
    { args: ["-qo", "maps/", "a"], operands: ["a"], out: "maps/", quiet: true },
    { args: ["-qomaps/", "a"], operands: ["a"], out: "maps/", quiet: true },
    { args: ["./-dash.jpg", "--", "-dash.jpg"], operands: ["./-dash.jpg", "-dash.jpg"] },
  ];
  for (const { args, operands, out, classes = [], quiet = false } of cases) {
    await t.step(args.join(" "), () => {
      const values = parseCommandLine(args, command);
      assertEquals(values.operands, operands);
      assertEquals(values.text("out"), out);
      assertEquals(values.texts("class"), classes);
      assertEquals(values.flag("quiet"), quiet);
    });
  }
});

Deno.test("parseCommandLine() refuses what is wrong", async (t) => {
  const cases: { args: string[]; message: string }[] = [
    { args: [], message: "No photo given" },
    { args: ["a", "b", "c", "d"], message: 'Cannot use argument "d": explain takes at most 3' },
    { args: ["a", "--ouy", "x"], message: 'Unknown option "--ouy": did you mean --out?' },
    { args: ["a", "-x"], message: 'Unknown option "-x": see --help' },
    {
      args: ["-dash.jpg"],
      message: 'Unknown option "-dash.jpg": see --help, or give a file of that name as ./-dash.jpg',
    },
    { args: ["a", "-xh"], message: 'Unknown option "-xh": see --help, or give' },
    { args: ["a", "-hx"], message: 'Unknown option "-hx": see --help, or give' },
    { args: ["a", "--help=no"], message: "Option --help takes no value" },
    { args: ["a", "--out", "--", "b"], message: "Option --out needs a value: use PATH" },
    { args: ["a", "--out"], message: "Option --out needs a value: use PATH" },
    { args: ["a", "--out="], message: "Option --out needs a value: use PATH" },
    { args: ["a", "--quiet="], message: "Option --quiet takes no value" },
    { args: ["a", "--alpha", "2"], message: 'Cannot use --alpha "2": use a number from 0 to 1' },
    { args: ["a", "--alpha", "-1"], message: 'Cannot use --alpha "-1": use a number from 0 to 1' },
    { args: ["a", "--alpha", "much"], message: 'Cannot use --alpha "much": use a number from 0 to 1' },
    { args: ["a", "--alpha", "NaN"], message: 'Cannot use --alpha "NaN": use a number from 0 to 1' },
    { args: ["a", "--top", "1.5"], message: 'Cannot use --top "1.5": use a whole number from 1 up' },
    { args: ["a", "--kind", "logits"], message: 'Cannot use --kind "logits": use one of logit, output' },
    { args: ["a", "--save", "overlay,jsn"], message: 'Cannot use --save "overlay,jsn": use json, overlay' },
    { args: ["a", "--save", ","], message: 'Cannot use --save ",": use overlay, json' },
  ];
  for (const { args, message } of cases) {
    await t.step(args.join(" ") || "nothing", () => {
      assertThrows(() => parseCommandLine(args, command), UsageError, message);
    });
  }
});

Deno.test("parseCommandLine() lets --help through, whatever else is wrong", () => {
  assertEquals(parseCommandLine(["--help", "--nonsense"], command).flag("help"), true);
  assertEquals(parseCommandLine(["-h"], command).flag("help"), true);
  assertEquals(parseCommandLine(["-qh"], command).flag("help"), true);
});
