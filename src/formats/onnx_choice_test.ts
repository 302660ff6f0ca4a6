import { assertEquals } from "@std/assert";
import { chooseOnnx } from "./onnx_choice.ts";

Deno.test("chooseOnnx() takes the model that sees, in the most precise numbers", async (t) => {
  const cases: readonly (readonly [files: readonly string[], chosen: string | undefined])[] = [
    [["model.onnx"], "model.onnx"],
    [["onnx/model_quantized.onnx", "onnx/model.onnx", "onnx/model_fp16.onnx"], "onnx/model.onnx"],
    [["onnx/model_q4f16.onnx", "onnx/model_bnb4.onnx", "onnx/model_int8.onnx"], "onnx/model_int8.onnx"],
    [["model_uint8.onnx", "model_fp16.onnx"], "model_fp16.onnx"],
    [["model_O3.onnx", "model.onnx"], "model.onnx"],
    [
      ["onnx/text_model.onnx", "onnx/model.onnx", "onnx/vision_model_fp16.onnx", "onnx/vision_model.onnx"],
      "onnx/vision_model.onnx",
    ],
    [["textual.onnx", "visual.onnx"], "visual.onnx"],
    [["text_encoder.onnx", "resnet-int8.onnx", "resnet.onnx"], "resnet.onnx"],
    [["cats.onnx", "model.onnx", "dogs.onnx"], "model.onnx"],
    [["cats.onnx", "dogs.onnx"], undefined],
  ];
  for (const [files, chosen] of cases) {
    await t.step(files.join(" "), () => {
      assertEquals(chooseOnnx(files), chosen);
      assertEquals(chooseOnnx(files.toReversed()), chosen);
    });
  }
});
