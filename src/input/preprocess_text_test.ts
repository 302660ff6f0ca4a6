import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { preprocessings } from "./preprocess.ts";
import { preprocessingProblem, readPreprocessing } from "./preprocess_text.ts";

Deno.test("readPreprocessing() takes names, and mean and deviation", async (t) => {
  const cases: readonly (readonly [string, number[], number[], string])[] = [
    ["mean=127,std=128", [127], [128], "rgb"],
    ["std=128,mean=127", [127], [128], "rgb"],
    ["mean=0,std=255", [0], [255], "rgb"],
    ["mean=-1e2, std=.5", [-100], [0.5], "rgb"],
    ["mean=123.68:116.78:103.94,std=58.4:57.12:57.38", [123.68, 116.78, 103.94], [58.4, 57.12, 57.38], "rgb"],
    ["mean=104:117:124,std=1,channels=bgr", [104, 117, 124], [1], "bgr"],
    ["mean=1:2:3:4,std=5:6:7:8", [1, 2, 3, 4], [5, 6, 7, 8], "rgb"],
  ];
  for (const [text, mean, std, channels] of cases) {
    await t.step(text, () => {
      assertEquals(preprocessingProblem(text), undefined);
      assertEquals(readPreprocessing(text), { name: text, mean, std, channels } as never);
    });
  }
  for (const [name, preprocessing] of Object.entries(preprocessings)) {
    await t.step(name, () => assertEquals(readPreprocessing(name), preprocessing));
  }
});

Deno.test("readPreprocessing() refuses nonsense in one line", async (t) => {
  const form = "mean=M,std=S (a number each, or one a channel as R:G:B; for BGR add channels=bgr)";
  const cases: readonly (readonly [string, string])[] = [
    ["troch", `use one of torch, tf, none, unit, caffe, or ${form}`],
    ["toString", "use one of "],
    ["mean=127", `use ${form}`],
    ["std=128", `use ${form}`],
    ["mean=127,std=0", `use ${form}`],
    ["mean=127,std=", `use ${form}`],
    ["mean=a,std=b", `use ${form}`],
    ["mean=1:2,std=1", `use ${form}`],
    ["mean=1,2,3,std=1", `use ${form}`],
    ["mean=127,std=128,std=1", `use ${form}`],
    ["mean=127,std=128,fit=crop", `use ${form}`],
    ["mean=127,std=128,channels=grb", `use ${form}`],
    ["mean=Infinity,std=1", `use ${form}`],
    ["mean=1,std=1=1", `use ${form}`],
    [",", `use ${form}`],
    ["127,128", `use ${form}`],
  ];
  for (const [text, reason] of cases) {
    await t.step(text, () => {
      assertStringIncludes(preprocessingProblem(text) ?? "", reason);
      const { message } = assertThrows(() => readPreprocessing(text), RangeError);
      assertStringIncludes(message, `Cannot use preprocess "${text}": ${reason}`);
    });
  }
});
