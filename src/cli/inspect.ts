import { markPictures } from "../base/tensor_info.ts";
import { describeFitting } from "../input/describe_fitting.ts";
import { choosePreprocessing, describeScaling, type PixelEvidence, timesText } from "../input/evidence.ts";
import type { ExplainableModel } from "../split/model.ts";
import type { BackendInfo } from "../../backends/mod.ts";
import { findDefaultLayer } from "../split/default_layer.ts";
import { listUnits } from "../explain/units.ts";
import { whyNoneSpatial } from "../split/layer_choice.ts";
import type { Trial } from "../explain/trial.ts";
import type { Command } from "./command.ts";
import { backendOptions } from "./options/machine.ts";
import { labelsOption, modelOptions } from "./options/model.ts";
import { readBackend } from "./explain_request.ts";
import { inputTexts, tensorText } from "./input_text.ts";
import type { CliIo } from "./io.ts";
import { modelOf, modelOperand } from "./model_operand.ts";
import { backendText } from "./report.ts";
import { openModel } from "./session.ts";
import { table } from "./table.ts";
import type { Values } from "./values.ts";

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

/** A piece of evidence in a few words. */
function evidenceText({ preprocessing, because, runnerUp, margin }: PixelEvidence): string {
  const nearer = runnerUp ? `, ${timesText(margin)} nearer than ${describeScaling(runnerUp)}` : "";
  return `${describeScaling(preprocessing)}: ${because}${nearer}`;
}

/** How the model sees pixels, and all that tells so. */
function pixelRows(evidence: readonly PixelEvidence[], dtype: string | undefined): string[][] {
  const { preprocessing, warning } = choosePreprocessing(evidence, dtype);
  const { name, mean, std, channels = "rgb" } = preprocessing;
  const order = channels === "rgb" ? "" : ", blue first";
  const formula = `${name}: (v - [${mean.join(", ")}]) / [${std.join(", ")}]${order}`;
  const scaling = warning === "" ? formula : `${formula}, in doubt: set --preprocess`;
  const fitting = describeFitting(preprocessing);
  return [
    ["pixels", evidence.length > 0 ? scaling : "not said: set --preprocess"],
    ...fitting === undefined ? [] : [["photos", fitting]],
    ...evidence.map((piece) => ["evidence", evidenceText(piece)]),
  ];
}

/** All that is printed. */
interface Findings {
  readonly model: ExplainableModel;
  /** What tells how it sees pixels. */
  readonly evidence: readonly PixelEvidence[];
  readonly trial: Trial;
  readonly backend: BackendInfo;
}

/** What is known of a model. */
function describe({ model, evidence, trial, backend }: Findings): string[][] {
  const { labels } = model;
  const rows = [
    ["format", model.format],
    ["writer", model.writer ?? "not said"],
    ...inputTexts(model.inputs).map((input) => ["input", input]),
    ...model.outputs.map((output) => ["output", tensorText(output)]),
    ...listUnits(model).map(({ output, description }) => ["unit", `${output}: ${description}`]),
    ...pixelRows(evidence, model.inputs[0]?.dtype),
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

/** JSON has no infinite numbers. */
function finite(piece: PixelEvidence) {
  return { ...piece, margin: Number.isFinite(piece.margin) ? piece.margin : null };
}

function asJson({ model, evidence, trial, backend }: Findings): string {
  const { format, writer = null, outputs, preprocessing = null, labels = null, layers, notes } = model;
  const defaultLayer = findDefaultLayer(model) ?? null;
  const inputs = markPictures(model.inputs);
  const units = listUnits(model).map(({ classes = null, ...unit }) => ({ ...unit, classes }));
  const seen = { preprocessing, evidence: evidence.map(finite) };
  const said = {
    format,
    writer,
    inputs,
    outputs,
    units,
    ...seen,
    labels,
    layers,
    ...trial,
    defaultLayer,
  };
  return JSON.stringify({ ...said, backend: backend.name, notes });
}

async function run(values: Values, io: CliIo): Promise<number> {
  const model = await openModel(
    {
      model: modelOf(values),
      weights: values.text("weights"),
      identity: values.texts("identity"),
      labels: values.text("labels"),
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
    const evidence = await model.pixelEvidence({ all: true });
    const findings = { model, evidence, trial: await tryLayers(model), backend };
    await io.stdout.write(
      values.flag("json") ? `${asJson(findings)}\n` : table(describe(findings)),
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
    labelsOption,
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
