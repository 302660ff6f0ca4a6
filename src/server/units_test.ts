/** Outputs of one unit, over HTTP. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors, testdata } from "../testing/mod.ts";
import { sigmoid } from "../testing/by_hand.ts";
import { buildLogitUnit } from "../testing/tiny_model.ts";
import { createHandler, type HandlerOptions } from "./mod.ts";

const body = await Deno.readFile(new URL("images/plain.png", testdata));

async function ask(query: string, options: HandlerOptions): Promise<Response> {
  const handler = createHandler({ preprocess: "unit", backend: "cpu", ...options });
  return await handler(new Request(`http://localhost/explain?${query}`, { method: "POST", body }));
}

Deno.test("createHandler() names both classes of a logit, and says its probability", async (t) => {
  await selectBackend({ backend: "cpu" });
  const model = buildLogitUnit(3);
  const options = { model, labels: ["cat", "dog"] };
  await t.step("the likelier one, as a picture", () =>
    leavingNoTensors(async () => {
      const { status, headers, body } = await ask("format=panel", options);
      await body!.cancel();
      assertEquals([status, headers.get("gradcam-label"), headers.get("gradcam-class")], [200, "dog", "0"]);
      const score = Number(headers.get("gradcam-score"));
      assertAlmostEquals(Number(headers.get("gradcam-probability")), sigmoid(score), 1e-5);
      assertStringIncludes(headers.get("gradcam-warning")!, "read as the logit of");
    }));
  await t.step("the other, by name", () =>
    leavingNoTensors(async () => {
      const { maps: [map], unit, scores } = await (await ask("format=json&class=cat", options)).json();
      assertEquals([map.label, map.classIndex, unit], ["cat", 1, "logit"]);
      assert(map.score < 0);
      assertAlmostEquals(map.probability, sigmoid(map.score), 1e-6);
      assertAlmostEquals(scores[0].probability + map.probability, 1, 1e-6);
    }));
  await t.step("a regression", () =>
    leavingNoTensors(async () => {
      const response = await ask("format=json", { model });
      const { maps: [map], unit } = await response.json();
      assertEquals([unit, map.label, "probability" in map], ["regression", null, false]);
      const refused = await ask("class=dog", { model });
      assertEquals(refused.status, 422);
      assertStringIncludes(
        (await refused.json()).detail,
        'Cannot find class "dog": the model gives one number',
      );
    }));
  model.dispose();
});
