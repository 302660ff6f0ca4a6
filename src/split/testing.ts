/**
 * The zoo of small networks, and models without weights, for the tests and the tool that reads the zoo. It is not published.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { buildKerasModel } from "../formats/keras/build.ts";
import type { Box } from "../explain/region.ts";
import { readFloats, testdata } from "../testing/mod.ts";
import type { ExplainableModel, ScoreKind } from "./model.ts";

/** A layer of a Keras 3 file that takes the one before it, and further arguments. */
export function after(before: string, className: string, config: object, ...more: unknown[]) {
  const tensor = { class_name: "__keras_tensor__", config: { keras_history: [before, 0, 0] } };
  return {
    class_name: className,
    name: className,
    config,
    inbound_nodes: [{ args: [tensor, ...more], kwargs: {} }],
  };
}

/** A Keras 3 model of an image, `[1, 8, 10, 3]`, and layers without weights, each as `after` gives it. */
export function buildChain(layers: readonly ReturnType<typeof after>[]): Promise<ExplainableModel> {
  const last = layers.at(-1)!.name;
  const named = layers.map((each) => ({ ...each, config: { ...each.config, name: each.name } }));
  const image = {
    class_name: "InputLayer",
    name: "image",
    config: { name: "image", batch_shape: [null, 8, 10, 3] },
    inbound_nodes: [],
  };
  const ends = { input_layers: ["image", 0, 0], output_layers: [last, 0, 0] };
  return buildKerasModel({
    name: last,
    format: "keras-zip",
    kerasVersion: "3.15.1",
    config: { class_name: "Functional", config: { name: "model", layers: [image, ...named], ...ends } },
    maxParameters: 0,
    weights: { assign: () => [] },
  }, {});
}

/** A map of the reference, as testdata/zoo/README.md describes it. */
export interface GoldenMap {
  readonly layer: string;
  readonly graphNode: string | null;
  /** Likewise of the ONNX file; left out where there is none. */
  readonly onnxNode?: string | null;
  readonly default: boolean;
  readonly outputName: string;
  readonly classIndex: number;
  readonly scoreKind: ScoreKind;
  readonly box?: Box;
  readonly score: number;
  readonly height: number;
  readonly width: number;
  readonly raw: readonly number[];
  /** As the reference scaled it; left out where the reference gave no map. */
  readonly map?: readonly number[];
}

/** What tells a layer's output from others. */
export interface Fingerprint {
  readonly shape: readonly number[];
  /** The sum of all magnitudes. */
  readonly magnitude: number;
  /** The sum of all values, each times the sine of its place, counted from 1. */
  readonly waves: number;
}

/** What the reference knows of a network. */
export interface Golden {
  readonly name: string;
  /** Why forms are missing, by form. */
  readonly absent: Readonly<Record<string, string>>;
  readonly input: string;
  readonly inputShape: [number, number, number, number];
  readonly inputs: Readonly<Record<string, { readonly shape: number[]; readonly values: number[] }>>;
  readonly defaultLayer: string | null;
  readonly passedOver: boolean;
  readonly outputs: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly layers: Readonly<Record<string, Fingerprint>>;
  readonly maps: readonly GoldenMap[];
}

/** What goes into a model: the image, and the other inputs by name. */
export interface ZooInput {
  readonly x: tf.Tensor4D;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
}

/** The folder of the zoo. */
export const zoo: URL = new URL("zoo/", testdata);

/** All forms that a network comes in, as a file or folder each. */
export const forms: readonly string[] = [
  "keras3.keras",
  "keras3.h5",
  "keras2.h5",
  "keras2.keras",
  "layers",
  "graph",
  "tf2onnx.onnx",
];

/** What a form calls the layers of a network, where not as Keras does: the field of a map that holds it. */
export const nodeNames: Readonly<Record<string, "graphNode" | "onnxNode">> = {
  "graph": "graphNode",
  "tf2onnx.onnx": "onnxNode",
};

/** What a form calls the layer of a map; `null` where the converter left no node for it. */
export function layerIn(form: string, map: GoldenMap): string | null {
  const key = nodeNames[form];
  return key === undefined ? map.layer : map[key] ?? null;
}

/** The names of all networks in a zoo. */
export function networksOf(folder: URL): string[] {
  const entries = Array.from(Deno.readDirSync(folder));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
}

/** What the reference knows of a network in a folder. */
export async function readGolden(folder: URL): Promise<Golden> {
  return JSON.parse(await Deno.readTextFile(new URL("golden.json", folder)));
}

/** Where a form of a network lies, which is a file or a folder. */
export function locate(form: string, folder: URL): URL {
  return new URL(form.includes(".") ? form : `${form}/`, folder);
}

/** What goes into a network; the caller disposes all of it. */
export async function readInput(golden: Golden, folder: URL): Promise<ZooInput> {
  const values = await readFloats(new URL("input.f32", folder));
  const others = Object.entries(golden.inputs);
  return {
    x: tf.tensor4d(values, golden.inputShape),
    inputs: Object.fromEntries(others.map(([name, { values, shape }]) => [name, tf.tensor(values, shape)])),
  };
}

/** What came of one network in one form on several backends, or why there is none. */
export interface Cell {
  /** How many maps agree, by backend; `undefined` where one does not. */
  readonly results: Map<string, number | undefined>;
  /** The backends on which it was not asked for. */
  readonly unasked: Set<string>;
  reason?: string;
}

/** What came of all networks in all forms. */
export class Matrix {
  readonly #cells = new Map<string, Map<string, Cell>>();
  /** Backends that cannot be had here, and why. */
  readonly missing = new Map<string, string>();

  /** The cell of a network and a form. */
  cell(network: string, form: string): Cell {
    const row = this.#cells.get(network) ?? new Map<string, Cell>();
    this.#cells.set(network, row);
    const cell = row.get(form) ?? { results: new Map<string, number>(), unasked: new Set<string>() };
    row.set(form, cell);
    return cell;
  }

  /** The networks that a row is there for. */
  get networks(): string[] {
    return [...this.#cells.keys()];
  }

  /** An aligned table, and a legend of the reasons. */
  format(columns: readonly string[], backends: readonly string[]): string {
    const reasons: string[] = [];
    const rows = [...this.#cells].map(([network, row]) => [
      network,
      ...columns.map((form) => formatCell(row.get(form), backends, this.missing, reasons)),
    ]);
    const table = [["network", ...columns], ...rows];
    const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
    const lines = table.map((row) =>
      row.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()
    );
    const legend = reasons.map((reason, index) => `–${index + 1}  ${reason}`);
    const gone = [...this.missing].map(([backend, reason]) => `${backend}: –  ${reason}`);
    return [...lines, "", ...gone, ...legend].join("\n");
  }
}

/** A cell's text; a reason is numbered, and listed once. */
function formatCell(
  cell: Cell | undefined,
  backends: readonly string[],
  missing: ReadonlyMap<string, string>,
  reasons: string[],
): string {
  if (cell?.reason !== undefined) {
    if (!reasons.includes(cell.reason)) reasons.push(cell.reason);
    return `–${reasons.indexOf(cell.reason) + 1}`;
  }
  const results = backends.map((backend) => {
    if (missing.has(backend)) return "–";
    if (cell?.unasked.has(backend)) return "·";
    return String(cell?.results.get(backend) ?? "FAILED");
  });
  return `${results.includes("FAILED") ? "" : "ok "}${results.join(" ")}`;
}
