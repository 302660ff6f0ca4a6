import { quote } from "../base/quote.ts";
import type { ControlName } from "../metrics/controls/mod.ts";
import { type MetricName, metrics } from "../metrics/mod.ts";
import { type MethodName, methods } from "../methods/mod.ts";
import type { EvaluateOptions } from "../evaluate/evaluate_options.ts";
import { readMetricSettings } from "./evaluate_options.ts";
import { readExplainRequest } from "./explain_request.ts";
import { locationRule, splitList } from "./option.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";

/** What the command line asks for, as the library takes it. */
export interface EvaluateRequest {
  /** Paths or URLs. */
  readonly photos: readonly string[];
  readonly options: EvaluateOptions;
  /** The path or URL of the labels file. */
  readonly labels: string | undefined;
  readonly out: string | undefined;
  readonly choose: boolean;
  readonly recursive: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** How the embedded model is called among several. */
const embedded = "embedded";

/** The methods that `--choose` ranks where none is named: those of layers that take a way back at most. */
const quickMethods: readonly MethodName[] = [
  "gradcam",
  "gradcam++",
  "xgradcam",
  "hirescam",
  "layercam",
  "eigencam",
];

/** The metrics that it ranks by where none is named. */
const tellingMetrics: readonly string[] = [
  "deletion",
  "insertion",
  "road",
  "shiftstability",
  "modelrandomisation",
];

function listOf<Name extends string>(values: Values, name: string): Name[] | undefined {
  const text = values.text(name);
  return text === undefined ? undefined : splitList(text) as Name[];
}

/** All parts of an option that may be repeated. */
function partsOf(values: Values, name: string): string[] {
  return [...new Set(values.texts(name).flatMap(splitList))];
}

function readControls(values: Values): ControlName[] {
  const names = listOf<ControlName | "none">(values, "controls") ?? ["random", "centre", "edges"];
  if (!names.includes("none")) return names as ControlName[];
  if (names.length > 1) {
    throw new UsageError('Cannot use --controls with "none" and others: "none" stands alone');
  }
  return [];
}

function readModels(values: Values): Pick<EvaluateOptions, "model" | "models"> {
  const models = partsOf(values, "models");
  const model = values.text("model");
  if (models.length === 0) return { model };
  if (model !== undefined) {
    throw new UsageError("Cannot use --model with --models: name all models with --models");
  }
  if (values.text("weights") !== undefined) {
    throw new UsageError("Cannot use --weights with --models: they are of one model");
  }
  const problem = models.map((name) => locationRule.problem(name)).find((problem) => problem !== undefined);
  if (problem !== undefined) {
    throw new UsageError(`Cannot use --models ${quote(models.join(","))}: ${problem}`);
  }
  return { models: models.map((name) => name === embedded ? undefined : name) };
}

/** What classes of the truth file are called in the model. */
function readClasses(values: Values): EvaluateOptions["classes"] {
  const told = values.texts("match").map((text) => {
    const at = text.indexOf("=");
    const name = text.slice(at + 1);
    return [text.slice(0, at), /^\d+$/.test(name) ? Number(name) : name] as const;
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

function readMetrics(values: Values): MetricName[] | undefined {
  const named = listOf<MetricName>(values, "metrics");
  if (named || !values.flag("choose")) return named;
  return metrics.map(({ name }) => name).filter((name) => tellingMetrics.includes(name));
}

function readMethods(values: Values): MethodName[] | undefined {
  const named = listOf<MethodName>(values, "methods");
  if (named || !values.flag("choose")) return named;
  return methods.map(({ name }) => name).filter((name) => quickMethods.includes(name));
}

/**
 * What the command line asks for.
 *
 * @throws {UsageError} If options do not go together.
 */
export function readEvaluateRequest(values: Values): EvaluateRequest {
  if (values.operands.includes("-")) {
    throw new UsageError("Cannot evaluate standard input: give photos as files, or their folder");
  }
  if (values.text("out") === "-") {
    throw new UsageError("Cannot use --out -: name a folder; --json prints to standard output");
  }
  const { options: explain, labels, photos, recursive } = readExplainRequest(values);
  const { layer: _, method: _m, classIndex, label, settings: { seed: _s, ...settings } = {}, ...rest } =
    explain;
  const layers = partsOf(values, "layers");
  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  const options: EvaluateOptions = {
    ...rest,
    ...Object.keys(settings).length > 0 && { settings },
    ...!isEmpty(classIndex) && { classIndex },
    ...!isEmpty(label) && { label },
    ...readModels(values),
    ...values.text("weights") !== undefined && { weights: values.text("weights") },
    ...values.texts("identity").length > 0 && { identity: values.texts("identity") },
    ...layers.length > 0 && { layers },
    methods: readMethods(values),
    metrics: readMetrics(values),
    controls: readControls(values),
    metricSettings: readMetricSettings(values),
    truth: values.text("truth"),
    classes: readClasses(values),
    times: values.flag("times"),
    seed: values.number("seed") ?? 0,
    limit: values.number("limit"),
    jobs: values.number("jobs"),
  };
  return {
    photos,
    options: Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    labels,
    out: values.text("out"),
    choose: values.flag("choose"),
    recursive,
    json: values.flag("json"),
    quiet: values.flag("quiet"),
  };
}
