import { assertEquals, assertThrows } from "@std/assert";
import { parsePythonLiteral, type PythonValue } from "./python_literal.ts";

Deno.test("parsePythonLiteral() reads what repr() writes", async (t) => {
  const cases: readonly (readonly [text: string, value: PythonValue])[] = [
    ["'a'", "a"],
    ['"it\'s"', "it's"],
    [String.raw`'a\'b\\c\n\x41é'`, "a'b\\c\nAé"],
    ["u'ä'", "ä"],
    ["-1.5e3", -1500],
    [".5", 0.5],
    ["True", true],
    ["None", null],
    ["[1, 2.0, ]", [1, 2]],
    ["()", []],
    ["(3,)", [3]],
    ["{0: 'a', 'b': [1, (2, 3)]}", new Map<string, PythonValue>([["0", "a"], ["b", [1, [2, 3]]]])],
    [" {} ", new Map()],
  ];
  for (const [text, value] of cases) await t.step(text, () => assertEquals(parsePythonLiteral(text), value));
});

Deno.test("parsePythonLiteral() refuses what is no literal", async (t) => {
  const wrong = [
    "",
    "a",
    "'a",
    "[1",
    "[1 2]",
    "{1}",
    "{[1]: 2}",
    "1 2",
    "__import__('os')",
    "[".repeat(1000),
    "1j",
  ];
  for (const text of wrong) {
    await t.step(text.slice(0, 20), () => {
      assertThrows(() => parsePythonLiteral(text), SyntaxError, "It is no literal of Python's");
    });
  }
});
