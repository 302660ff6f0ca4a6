import { assertEquals, assertThrows } from "@std/assert";
import { GradcamError } from "../base/errors.ts";
import { readLimits } from "./limits.ts";
import { parameterNames, readParameters } from "./parameters.ts";
import { readUrl } from "./receive/given.ts";

const limits = readLimits({});

function read(query: string) {
  const given = readUrl(new URL(`http://localhost/?${query}`), limits);
  const { renderings, drawing } = readParameters(given, { limits, models: ["default"] });
  return { names: renderings.map(({ name }) => name), drawing };
}

Deno.test("readParameters() tells renderings from the formats of pictures", async (t) => {
  type Case = readonly [query: string, names: readonly string[], format: string | undefined];
  const cases: readonly Case[] = [
    ["", [], undefined],
    ["format=panel", ["panel"], undefined],
    ["format=jpeg", ["overlay"], "jpeg"],
    ["format=overlay&format=json&format=jpeg", ["overlay", "json"], "jpeg"],
    ["format=webp&format=heatmap", ["heatmap"], "webp"],
    ["format=json&format=png", ["overlay", "json"], "png"], // the picture is what is written as PNG
    ["format=jpeg&format=jpeg", ["overlay"], "jpeg"],
    ["format=", [], undefined],
  ];
  for (const [query, names, format] of cases) {
    await t.step(query || "none", () => {
      const found = read(query);
      assertEquals([found.names, found.drawing.format], [names, format]);
    });
  }
});

Deno.test("readParameters() reads how large pictures are, and how near to the original", () => {
  assertEquals(read("format=webp&quality=40&maxSide=1024").drawing, {
    format: "webp",
    quality: 40,
    maxSide: 1024,
  });
  for (const name of ["maxSide", "minSide", "quality", "format"]) {
    assertEquals(parameterNames.includes(name), true, name);
  }
});

Deno.test("readParameters() refuses formats, qualities and sides that there are not", async (t) => {
  const cases: readonly (readonly [query: string, message: string])[] = [
    ["format=jpg", 'Unknown rendering "jpg": use one of '],
    [
      "format=jpeg&format=webp",
      "Cannot write pictures as jpeg and webp at once: give one of them",
    ],
    ["format=png&quality=80", "Cannot write a PNG with quality 80"],
    ["format=jpeg&quality=0", "Cannot use quality 0: use 1 or more"],
    ["format=jpeg&quality=best", 'Cannot use quality "best": give a number'],
    ["maxSide=0", "Cannot use maxSide 0: use 1 or more"],
    ["maxSide=2049", "use 2048 at most"],
    ["maxSide=1e99x", 'Cannot use maxSide "1e99x": give a number'],
    ["maxSide=100&minSide=200", "Cannot draw with minSide 200 and maxSide 100: use 100 at most"],
    ["max_side=100", 'Unknown parameter "max_side": use one of maxSide'],
  ];
  for (const [query, message] of cases) {
    await t.step(query, () => {
      const error = assertThrows(() => read(query), Error, message);
      assertEquals(
        error instanceof RangeError || error.name === "Problem" || error instanceof GradcamError,
        true,
      );
    });
  }
});

Deno.test("readParameters() says in one short line what it does not know of a name of 100 kB", async (t) => {
  const long = "tiger\ncat ".repeat(10_000);
  const names = ["format", "colormap", "opacity", "size", "region", "quality", "maxSide", "relu"];
  const cases = [...names.map((name) => [name, long]), [long, "1"], [`inputs.${long}`, "old"]];
  for (const [name, value] of cases as [string, string][]) {
    await t.step(name.slice(0, 20), () => {
      const { message } = assertThrows(
        () => readParameters(new Map([[name, [value]]]), { limits, models: ["default"] }),
        Error,
      );
      assertEquals([message.length < 400, message.includes("\n"), message.includes("tiger")], [
        true,
        false,
        true,
      ]);
    });
  }
});
