/** What an ONNX file notes of itself, and what lies beside it: names of classes, pixels, and the size where any is taken. */
import { assertEquals } from "@std/assert";
import { leavingNoTensors, testdata, tryBackend } from "../../testing/mod.ts";
import { gradcam } from "../../explain/gradcam.ts";
import { loadModel } from "../mod.ts";
import { encode } from "../testing.ts";

/** A network of one convolution that takes any height and width, with `names` and `Image.NominalPixelRange`. */
const network = Uint8Array.fromBase64([
  "CAgSADqeAwosCgF4CgF3EgFjGgRjb252IgRDb252KhUKDGtlcm5lbF9zaGFwZUADQAOgAQcKEgoBYxIBchoEcmVsdSIEUmVs",
  "dQofCgFyEgFwGgRwb29sIhFHbG9iYWxBdmVyYWdlUG9vbAoVCgFwEgF5GgRmbGF0IgdGbGF0dGVuEgFnKugBCAIIAwgDCAMQ",
  "AUIBd0rYAQAAQL8AAAC/AACAvgAAAAAAAIA+AAAAPwAAQD8AAEC/AAAAvwAAgL4AAAAAAACAPgAAAD8AAEA/AABAvwAAAL8A",
  "AIC+AAAAAAAAgD4AAAA/AABAPwAAQL8AAAC/AACAvgAAAAAAAIA+AAAAPwAAQD8AAEC/AAAAvwAAgL4AAAAAAACAPgAAAD8A",
  "AEA/AABAvwAAAL8AAIC+AAAAAAAAgD4AAAA/AABAPwAAQL8AAAC/AACAvgAAAAAAAIA+AAAAPwAAQD8AAEC/AAAAvwAAgL4A",
  "AAAAAACAPloeCgF4EhkKFwgBEhMKAxIBbgoCCAMKAxIBaAoDEgF3YhQKAXkSDwoNCAESCQoDEgFuCgIIAkIECgAQEXIhCgVu",
  "YW1lcxIYezA6ICdjYXQnLCAxOiAiYSAnZG9nJyJ9cikKF0ltYWdlLk5vbWluYWxQaXhlbFJhbmdlEg5Ob3JtYWxpemVkXzBf",
  "MQ==",
].join(""));

const processor = encode(JSON.stringify({
  image_processor_type: "ConvNextImageProcessor",
  size: { shortest_edge: 28 },
  crop_pct: 0.875,
}));

Deno.test("loadModel() reads what an ONNX file notes of itself", async () => {
  await tryBackend("cpu");
  await leavingNoTensors(async () => {
    using model = await loadModel({ "net.onnx": network });
    assertEquals(model.labels, ["cat", "a 'dog'"]);
    const { mean, std } = model.preprocessing!;
    assertEquals([mean, std, model.inputs[0]!.shape], [[0], [255], [null, null, null, 3]]);
    const [told] = await model.pixelEvidence();
    assertEquals(told!.because, "the file's metadata says");
  });
});

Deno.test("loadModel() lets what lies beside an ONNX file win, and takes the size that it says", async () => {
  await tryBackend("cpu");
  await leavingNoTensors(async () => {
    using model = await loadModel({
      "onnx/model.onnx": network,
      "onnx/model_fp16.onnx": network,
      "preprocessor_config.json": processor,
      "config.json": encode('{"id2label": {"0": "x", "1": "y"}}'),
    });
    assertEquals(model.labels, ["x", "y"]);
    assertEquals(model.preprocessing!.name, "ConvNextImageProcessor");
    assertEquals(model.inputs[0]!.shape, [null, null, null, 3]);
    assertEquals(model.layers[0]!.outputShape, [null, 26, 26, 2]);
    assertEquals(model.notes, ['of 2 ONNX files "onnx/model.onnx" was taken, not "onnx/model_fp16.onnx"']);
    const photo = await Deno.readFile(new URL("photos/chelsea.png", testdata));
    const { warnings, placement } = await gradcam(model, photo);
    assertEquals(warnings.filter((warning) => /size|×/.test(warning)), []);
    const { x, y, width, height } = placement!; // 28 of 32 rows and of 48 columns
    assertEquals([x, y, width, height], [10 * 451 / 48, 2 * 300 / 32, 28 * 451 / 48, 28 * 300 / 32]);
  });
});
