/** An ONNX file among others. */
interface OnnxFile {
  readonly file: string;
  /** Its name without its folder, its ending and what says how precise it is. */
  readonly stem: string;
  /** Where its precision stands among {@linkcode precisions}. */
  readonly rank: number;
}

/** What names of files end in that hold the same model in other numbers, the most precise first. */
const precisions: readonly RegExp[] = [
  /$/,
  /[._-](fp32|float32)$/i,
  /[._-](optimized|o[1-4])$/i,
  /[._-](fp16|float16|half)$/i,
  /[._-](bf16|bfloat16)$/i,
  /[._-](uint8|int8|q8|quantized|quant|qdq|dynamic)$/i,
  /[._-](q8f16|q4f16|q4|int4|uint4|bnb4|awq|gptq)$/i,
];

/** The part of a model of pictures and texts that sees pictures. */
const seeing = /^(vision_model|vision|visual|image_encoder|image_model|visual_encoder)$/i;

/** The part that reads texts. */
const reading = /^(text_model|text|textual|text_encoder|textual_encoder)$/i;

/** The name of a file that holds a whole model. */
const whole = /^model$/i;

function asOnnxFile(file: string): OnnxFile {
  const base = file.split("/").at(-1)!.replace(/\.onnx$/i, "");
  const rank = Math.max(precisions.findLastIndex((ending) => ending.test(base)), 0);
  return { file, stem: base.replace(precisions[rank]!, ""), rank };
}

/** The stem of the files among which the model is: the part that sees, the only one, or the whole. */
function chooseStem(stems: ReadonlySet<string>): string | undefined {
  const all = [...stems];
  const sees = all.find((stem) => seeing.test(stem));
  if (sees !== undefined) return sees;
  const others = all.filter((stem) => !reading.test(stem));
  return others.length === 1 ? others[0] : others.find((stem) => whole.test(stem));
}

/**
 * The model among the ONNX files of a folder, as exporters name them: the part that sees pictures before the whole, the most
 * precise numbers before others.
 *
 * @param files Their names, with the folders that they lie in.
 * @returns `undefined` where they are of several models.
 */
export function chooseOnnx(files: readonly string[]): string | undefined {
  const all = files.map(asOnnxFile);
  const stem = chooseStem(new Set(all.map(({ stem }) => stem)));
  const [best] = all.filter((one) => one.stem === stem).sort((a, b) => a.rank - b.rank);
  return best?.file;
}

/** Where ONNX files lie in folders that cannot be listed, the likeliest first. */
export const usualOnnxFiles: readonly string[] = Object.freeze([
  "onnx/vision_model.onnx",
  "onnx/model.onnx",
  "vision_model.onnx",
  "model.onnx",
  "onnx/model_fp16.onnx",
  "onnx/model_quantized.onnx",
]);
