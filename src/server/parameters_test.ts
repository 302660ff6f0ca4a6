import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parameterNames } from "./parameters.ts";
import { readLimits } from "./limits.ts";
import {
  jsonSchemaOf,
  type Parameter,
  type ParameterContext,
  parameters,
  readParameters,
  urlSchemaOf,
} from "./parameters.ts";
import { toProblem } from "./problem.ts";
import { explainBodySchema } from "./receive/json_schema.ts";

const context: ParameterContext = { limits: readLimits({ maxClasses: 5 }), models: ["one", "two"] };

/** What comes of some parameters, written as in a URL: `undefined`, or the problem. */
function refusal(query: string, refuseEmpty = false) {
  const given = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) given.set(name, [...given.get(name) ?? [], value]);
  try {
    readParameters(given, { ...context, refuseEmpty });
    return undefined;
  } catch (error) {
    return toProblem(error);
  }
}

/** As much of JSON Schema as the parameters use. */
type Schema = Readonly<
  Partial<{
    type: string;
    enum: readonly string[];
    minimum: number;
    maximum: number;
    maxLength: number;
    pattern: string;
    items: Schema;
    maxItems: number;
  }>
>;

/** Values just within a schema and just beyond it. */
function edgesOf({ type, enum: names, minimum, maximum, maxLength, pattern, items, maxItems }: Schema) {
  if (names) return { good: names, bad: ["nonsense", `${names[0]}x`] };
  if (type === "integer") {
    return {
      good: [minimum, maximum],
      bad: [minimum! - 1, maximum! + 1, `${minimum}.5`, "0x1", "1e400", "one", "NaN"],
    };
  }
  if (type === "number") {
    return { good: [minimum, maximum], bad: [minimum! - 0.1, maximum! + 0.1, "0x1", "Infinity", "-"] };
  }
  if (pattern) return { good: [], bad: ["nonsense", ",", "1,", "-"] };
  if (maxLength) return { good: [], bad: ["😀".repeat(maxLength + 1)] };
  return { good: [], bad: [], items, maxItems };
}

Deno.test("parameters are described as they are read", async (t) => {
  for (const parameter of parameters) {
    const { name, what, repeats } = parameter;
    await t.step(name, () => {
      assert(what.length > 10 && !what.endsWith(".") && !what.includes("\n"));
      const schema = urlSchemaOf(parameter, context) as Schema;
      assertEquals(schema.type === "array", repeats);
      const one = repeats ? schema.items! : schema;
      const { good, bad } = edgesOf(one);
      for (const value of good) {
        assertEquals(refusal(`${name}=${value}`)?.detail, undefined, `${value}`);
      }
      for (const value of bad) {
        const problem = refusal(`${name}=${value}`);
        assert(problem, `${value} is taken`);
        assert([400, 404].includes(problem.status) && problem.detail.length < 600);
      }
      if (repeats) {
        const values = Array(schema.maxItems! + 1).fill(`${name}=${good[0] ?? 1}`);
        assertEquals(refusal(values.slice(1).join("&"))?.detail, undefined);
        assertStringIncludes(refusal(values.join("&"))!.detail, `use ${schema.maxItems} at most`);
      } else {
        const twice = `${name}=1&${name}=1`;
        assertStringIncludes(refusal(twice)!.detail, "2 times: give it once");
      }
    });
  }
});

Deno.test("every parameter's example is one", () => {
  for (const { name, example } of parameters) {
    if (example !== undefined) assertEquals(refusal(`${name}=${example}`)?.detail, undefined);
  }
});

Deno.test("patterns of parameters agree with what is read", async (t) => {
  const named = (name: string) => parameters.find((parameter) => parameter.name === name)!;
  const matches = (parameter: Parameter, value: string) =>
    new RegExp(String(parameter.text(context).pattern)).test(value);
  const values = [
    ...[
      "1",
      "1,2,3,4",
      " 1 , -2, 3.5 ,4e2 ",
      "1,2,3",
      "1,2,3,4,5",
      "1,,2,3",
      "1,2,3,4,",
      ".5,1,1,1",
      "5.,1,1,1",
    ],
    ...[
      "+1,1,1,1",
      "0x1,1,1,1",
      "a",
      "10x8",
      "10X8",
      "10",
      "10x",
      "x8",
      "10x8x3",
      "-1",
      "99999",
      "2048x2048",
      "1e2",
    ],
  ];
  for (const name of ["region", "size", "inputs.NAME"]) {
    for (const value of values) {
      await t.step(`${name}=${value}`, () => {
        assertEquals(
          refusal(`${name}=${encodeURIComponent(value)}`) === undefined,
          matches(named(name), value),
        );
      });
    }
  }
});

Deno.test("readParameters() says what is wrong, and cuts what it quotes", async (t) => {
  const long = "x".repeat(50_000);
  const cases: readonly (readonly [query: string, status: number, detail: string])[] = [
    ["model=three", 404, 'No model "three": the models are one, two'],
    ["top=6", 400, "Cannot use top 6: use 5 at most"],
    ["top=0", 400, "Cannot use top 0: use 1 or more"],
    ["top=1.5", 400, 'Cannot use top "1.5": give a whole number'],
    ["class=1&class=2&class=3&class=4&class=5&class=6", 400, "Cannot use class 6 times: use 5 at most"],
    ["keep=maybe", 400, 'Cannot use keep "maybe": give true or false'],
    [`class=${long}`, 400, "it has more than 1000 characters"],
    [`layer=${long}`, 400, "it has more than 1000 characters"],
    [`method=${long}`, 400, "it has more than 1000 characters"],
    [`model=${long}`, 404, "the models are one, two"],
    [`preprocess=${long}`, 400, "it has more than 1000 characters"],
    [`range=${long}`, 400, "it has more than 1000 characters"],
    [`region=${long}`, 400, "give x,y,width,height"],
    [`alpha=${"1".repeat(50_000)}`, 400, "give a number that is not so large"],
    [`inputs.a=${long}`, 400, "give numbers separated by commas"],
    [`inputs.${long}=x`, 400, "give numbers separated by commas"],
    [`${long}=1`, 400, "Unknown parameter"],
  ];
  for (const [query, status, detail] of cases) {
    await t.step(query.slice(0, 50), () => {
      const began = performance.now();
      const problem = refusal(query);
      assert(problem);
      assertEquals(problem.status, status);
      assertStringIncludes(problem.detail, detail);
      assert(problem.detail.length < 600 && performance.now() - began < 500);
    });
  }
});

Deno.test("readParameters() takes empty values as not given, or refuses them", () => {
  for (const name of parameterNames) {
    if (name === "relu") continue;
    assertEquals(refusal(`${name}=`)?.detail, undefined);
    assertStringIncludes(refusal(`${name}=`, true)!.detail, "give a value, or leave it out");
  }
  assertEquals(refusal("relu")?.detail, undefined); // a switch that stands alone is on
  assertStringIncludes(refusal("relu", true)!.detail, "give a value, or leave it out");
});

Deno.test("the schema of JSON bodies knows every parameter, and nothing else", () => {
  const { properties, additionalProperties } = explainBodySchema(context) as {
    properties: Record<string, unknown>;
    additionalProperties: boolean;
  };
  const names = parameterNames.filter((name) => name !== "inputs.NAME");
  assertEquals(Object.keys(properties).sort(), [...names, "inputs", "photo"].sort());
  assertEquals(additionalProperties, false);
  const classes = parameters.find(({ name }) => name === "class")!;
  assertEquals(JSON.stringify(jsonSchemaOf(classes, context)).includes('"maxItems":5'), true);
});
