import { assert, assertEquals } from "@std/assert";
import { answerResponse } from "./answer_response.ts";

const part = {
  name: "overlay",
  mediaType: "image/png",
  extension: ".png",
  method: "layercam",
  content: new Uint8Array(3),
} as const;

function summaryOf(text: string) {
  return {
    classIndex: 0,
    label: text,
    score: 0.5,
    probability: undefined,
    layer: text,
    method: "gradcam",
    diagnosis: "ok",
    times: {},
    warnings: [text],
  };
}

Deno.test("answerResponse() says names in headers whole, and cuts those that are far too long", async () => {
  const named = ["gradcam-label", "gradcam-layer", "gradcam-warning"];
  const short = await answerResponse({ parts: [part], summary: summaryOf("Größe, 5\n% 😀") }, "one");
  for (const name of named) assertEquals(decodeURIComponent(short.headers.get(name)!), "Größe, 5\n% 😀");
  for (
    const text of ["a".repeat(100_000), "ß😀".repeat(50_000), "\ud800".repeat(100_000), "\n".repeat(9000)]
  ) {
    const { headers } = await answerResponse({ parts: [part], summary: summaryOf(text) }, "one");
    for (const name of named) {
      const value = headers.get(name)!;
      assert(value.length < 5000, `${value.length} characters`);
      assert(decodeURIComponent(value).includes("…"), value);
    }
  }
});
