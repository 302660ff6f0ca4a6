import type { ExplainableModel, TensorInfo } from "../split/mod.ts";
import { findDefaultLayer } from "../split/default_layer.ts";
import type { Command } from "./command.ts";
import { modelOptions } from "./explain_options.ts";
import type { CliIo } from "./io.ts";
import { modelOf, modelOperand } from "./model_operand.ts";
import { table } from "./table.ts";
import type { Values } from "./values.ts";

/** Whether the gradient of each spatial layer can be taken, without computing anything. */
interface Reach {
  /** Paths of layers with height and width. */
  readonly spatial: readonly string[];
  /** Those that no output depends on. */
  readonly unreached: readonly string[];
}

function reachOf(model: ExplainableModel): Reach {
  const spatial = model.layers.filter(({ outputShape }) => outputShape.length === 4).map(({ path }) => path);
  const reaches = (path: string) =>
    model.outputs.some((_, output) => model.split(path, { output }).connected);
  return { spatial, unreached: spatial.filter((path) => !reaches(path)) };
}

function tensorText({ name, shape }: TensorInfo): string {
  return `${name} [${shape.map((size) => size ?? "any").join(", ")}]`;
}

function mapsText({ spatial, unreached }: Reach, backend: string): string {
  if (spatial.length === 0) return "none: no layer has a 4-D output";
  if (unreached.length === 0) return `at all ${spatial.length} spatial layers, on ${backend}`;
  return `at ${
    spatial.length - unreached.length
  } of ${spatial.length} spatial layers, on ${backend}; no output depends on ${unreached.join(", ")}`;
}

/** What is known of a model, before anything is computed. */
function describe(model: ExplainableModel, backend: string): string[][] {
  const { labels, preprocessing } = model;
  const scaling = preprocessing &&
    `${preprocessing.name}: (v - [${preprocessing.mean.join(", ")}]) / [${preprocessing.std.join(", ")}]`;
  const rows = [
    ["format", model.format],
    ["writer", model.writer ?? "not said"],
    ...model.inputs.map((input) => ["input", tensorText(input)]),
    ...model.outputs.map((output) => ["output", tensorText(output)]),
    ["pixels", scaling ?? "not said: set --preprocess"],
    [
      "labels",
      labels
        ? `${labels.length}: ${labels.slice(0, 3).join(", ")}${labels.length > 3 ? ", ..." : ""}`
        : "none",
    ],
    ["layers", String(model.layers.length)],
    ["maps", mapsText(reachOf(model), backend)],
    ["default", findDefaultLayer(model) ?? "none"],
  ];
  return [...rows, ...model.notes.map((note) => ["note", note])];
}

async function run(values: Values, io: CliIo): Promise<number> {
  const location = modelOf(values);
  const [{ loadModel }, { ensureBackend }] = await Promise.all([
    import("../formats/mod.ts"),
    import("../../backends/mod.ts"),
  ]);
  const { name: backend } = await ensureBackend();
  const model = await loadModel(location, { signal: io.signal });
  try {
    if (values.flag("json")) {
      const { format, writer, inputs, outputs, preprocessing, labels, layers, notes } = model;
      const defaultLayer = findDefaultLayer(model);
      await io.stdout.write(
        `${
          JSON.stringify({
            format,
            writer: writer ?? null,
            inputs,
            outputs,
            preprocessing: preprocessing ?? null,
            labels: labels ?? null,
            layers,
            ...reachOf(model),
            defaultLayer: defaultLayer ?? null,
            backend,
            notes,
          })
        }\n`,
      );
    } else await io.stdout.write(table(describe(model, backend)));
    return 0;
  } finally {
    model.dispose();
  }
}

/** `gradcam inspect`: what a model's file holds, before anything is computed. */
export const inspectCommand: Command = {
  name: "inspect",
  summary: "Say what a model's file holds: format, inputs, outputs, pixels, labels, what was translated",
  operands: modelOperand,
  options: [
    ...modelOptions,
    { name: "json", group: "Result", description: "Print JSON instead of a table" },
  ],
  examples: [
    { what: "What is in this file, and can it be explained?", line: "inspect model.keras" },
    { what: "The embedded model", line: "inspect" },
  ],
  run,
};
