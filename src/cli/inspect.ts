import type { ExplainableModel, TensorInfo } from "../split/model.ts";
import type { BackendInfo } from "../../backends/mod.ts";
import { findDefaultLayer } from "../split/default_layer.ts";
import { whyNoneSpatial } from "../split/layer_choice.ts";
import type { Trial } from "../explain/trial.ts";
import type { Command } from "./command.ts";
import { backendOptions, modelOptions } from "./explain_options.ts";
import { readBackend } from "./explain_request.ts";
import type { CliIo } from "./io.ts";
import { modelOf, modelOperand } from "./model_operand.ts";
import { backendText } from "./report.ts";
import { openModel } from "./session.ts";
import { table } from "./table.ts";
import type { Values } from "./values.ts";

function tensorText({ name, shape }: TensorInfo): string {
  return `${name} [${shape.map((size) => size ?? "any").join(", ")}]`;
}

/** Where maps can be taken: all of it in one row, and a row for each reason why not. */
function mapRows(
  { spatial, unreached, failing, finite }: Trial,
  { layers: all }: ExplainableModel,
  backend: BackendInfo,
): string[][] {
  if (spatial.length === 0) {
    return [["maps", `none: ${whyNoneSpatial(all) || "no layer has a 4-D output"}`]];
  }
  const count = spatial.length - unreached.length - failing.length;
  const [total, layers] = [spatial.length, spatial.length === 1 ? "spatial layer" : "spatial layers"];
  const at = count === total && total > 1 ? `all ${total}` : `${count} of ${total}`;
  const reasons = Map.groupBy(failing, ({ reason }) => reason);
  return [
    ["maps", `at ${at} ${layers}, tried on ${backendText(backend)}`],
    ...(unreached.length > 0 ? [["no map", `at ${unreached.join(", ")}: no output depends on it`]] : []),
    ...[...reasons].map(([reason, layers]) => [
      "no map",
      `at ${layers.map(({ path }) => path).join(", ")}: ${reason}`,
    ]),
    ...(finite === false ? [["scores", "no numbers for a grey picture: check the weights"]] : []),
  ];
}

/** What is known of a model. */
function describe(model: ExplainableModel, trial: Trial, backend: BackendInfo): string[][] {
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
    ...mapRows(trial, model, backend),
    ["default", findDefaultLayer(model) ?? "none"],
  ];
  return [...rows, ...model.notes.map((note) => ["note", note])];
}

function asJson(model: ExplainableModel, trial: Trial, backend: BackendInfo): string {
  const { format, writer = null, inputs, outputs, preprocessing = null, labels = null, layers, notes } =
    model;
  const defaultLayer = findDefaultLayer(model) ?? null;
  const said = { format, writer, inputs, outputs, preprocessing, labels, layers, ...trial, defaultLayer };
  return JSON.stringify({ ...said, backend: backend.name, notes });
}

async function run(values: Values, io: CliIo): Promise<number> {
  const model = await openModel(
    {
      model: modelOf(values),
      identity: values.texts("identity"),
      labels: undefined,
      options: readBackend(values),
    },
    io.signal,
  );
  try {
    const [{ tryLayers }, { ensureBackend }] = await Promise.all([
      import("../explain/trial.ts"),
      import("../../backends/mod.ts"),
    ]);
    const backend = await ensureBackend();
    const trial = await tryLayers(model);
    const isJson = values.flag("json");
    await io.stdout.write(
      isJson ? `${asJson(model, trial, backend)}\n` : table(describe(model, trial, backend)),
    );
    return 0;
  } finally {
    model.dispose();
  }
}

/** `gradcam inspect`: what a model's file holds, and whether maps of it can be had on this machine. */
export const inspectCommand: Command = {
  name: "inspect",
  summary: "Say what a model's file holds, and whether every layer can be explained on this machine",
  operands: modelOperand,
  options: [
    ...modelOptions,
    { name: "json", group: "Result", description: "Print JSON instead of a table" },
    ...backendOptions,
  ],
  notes: [
    "Whether a layer can be explained is tried: one gradient is computed from each output back to a grey picture, " +
    "which needs all that the gradient at any layer needs. Only where that fails are the layers tried one by one.",
  ],
  examples: [
    { what: "What is in this file, and can it be explained?", line: "inspect model.keras" },
    { what: "The embedded model", line: "inspect" },
  ],
  run,
};
