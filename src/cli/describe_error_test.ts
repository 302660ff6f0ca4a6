import { assertEquals } from "@std/assert";
import { ImageError } from "../base/errors.ts";
import { describeError, errorStack } from "./describe_error.ts";

const hint = "(run again with --debug for where it happened)";

Deno.test("describeError() makes one line of anything thrown", async (t) => {
  const denied = new Deno.errors.NotCapable(
    'Requires net access to "example.org:443", run again with the --allow-net flag',
  );
  const cases: { name: string; error: unknown; line: string }[] = [
    {
      name: "our own",
      error: new ImageError('Cannot read "a.png": it is empty'),
      line: 'Cannot read "a.png": it is empty',
    },
    { name: "a bug", error: new Error("Oh\n  dear"), line: `Oh dear ${hint}` },
    { name: "without a message", error: new Error(), line: `Error ${hint}` },
    { name: "no error at all", error: "oh", line: `oh ${hint}` },
    {
      name: "a permission",
      error: new Error("fetch failed", { cause: denied }),
      line: 'Permission denied to net "example.org:443": allow it with --allow-net=example.org:443',
    },
  ];
  for (const { name, error, line } of cases) {
    await t.step(name, () => assertEquals(describeError(error), line));
  }
});

Deno.test("errorStack() has the causes too", () => {
  const text = errorStack(new Error("outer", { cause: new Error("inner") }));
  assertEquals(text.includes("outer"), true);
  assertEquals(/\nCaused by: Error: inner\n\s+at /.test(text), true);
});
