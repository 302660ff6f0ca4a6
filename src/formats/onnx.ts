import { ModelError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { ModelFormat } from "./format.ts";
import { headOf } from "./model_folder.ts";
import { isOnnx } from "./signatures.ts";

/** ONNX files, as PyTorch, tf2onnx, Paddle and others write them. */
export const onnxFormat: ModelFormat = {
  name: "onnx",
  description: "ONNX .onnx: a network of PyTorch's or of another library's, its weights inside or beside it",
  async open(folder, record) {
    if (!isOnnx(headOf(folder))) return undefined;
    if (folder.weights) {
      throw new ModelError(
        `Cannot open model ${quote(folder.name)} with the weights ${
          quote(folder.weights.name)
        }: it is an ONNX file, which takes its own alone`,
      );
    }
    const { openOnnx } = await import("./onnx/open.ts");
    return await openOnnx(folder, record);
  },
};
