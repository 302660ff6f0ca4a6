import { quote } from "../../base/quote.ts";
import { bytesSource } from "../../platform/byte_source.ts";
import type { ModelFolder } from "../model_folder.ts";
import { damaged } from "./damaged.ts";
import type { GraphProto, ModelProto, NodeProto, TensorProto } from "./model_proto.ts";
import { WindowedBytes } from "./protobuf.ts";
import type { StoredBytes } from "./tensor_data.ts";

/** Whether a name leads to a file beside the model, or in a folder beside it. */
function isBeside(name: string): boolean {
  return name !== "" && !/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(name) && !name.split(/[/\\]/).includes("..");
}

/** All tensors of nodes, with those of the graphs within them. */
function* tensorsOfNodes(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const { attributes } of nodes) {
    for (const { tensor, graph } of attributes.values()) {
      if (tensor) yield tensor;
      if (graph) yield* tensorsOf(graph);
    }
  }
}

function* tensorsOf({ nodes, initializers }: GraphProto): Generator<TensorProto> {
  yield* initializers;
  yield* tensorsOfNodes(nodes);
}

/** A whole number that an entry holds; a default where it is left out. */
function numberOf(text: string | undefined, instead: number): number {
  const number = text === undefined ? instead : /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : damaged("where its external data stands is damaged");
}

/** The files beside a model that hold numbers of its tensors. */
export class ExternalData {
  readonly #files: ReadonlyMap<string, WindowedBytes>;

  constructor(files: ReadonlyMap<string, WindowedBytes>) {
    this.#files = files;
  }

  /** Where a tensor's numbers stand in another file; `undefined` where they are in the model's own. */
  placeOf({ external }: TensorProto): StoredBytes | undefined {
    if (!external) return undefined;
    const name = external.get("location") ?? "";
    const bytes = this.#files.get(name)!;
    const start = numberOf(external.get("offset"), 0);
    const end = start + numberOf(external.get("length"), bytes.size - start);
    if (start > end || end > bytes.size) {
      damaged(
        `its data file ${quote(name)} holds ${bytes.size} bytes, but its weights reach to ${
          Math.max(start, end)
        }`,
      );
    }
    return { bytes, start, end };
  }
}

/** The file of weights, or why there is none. */
async function readFile(folder: ModelFolder, name: string): Promise<WindowedBytes> {
  if (!isBeside(name)) damaged(`its data file ${quote(name)} does not lie in its folder`);
  const file = await folder.read(name);
  if (!file) damaged(`its data file ${quote(name)} is missing: put it beside the model`);
  const { recogniseMistake } = await import("../foreign.ts");
  const mistake = recogniseMistake(file.subarray(0, 512));
  if (mistake) damaged(`its data file ${quote(name)} holds no weights: ${mistake}`);
  return new WindowedBytes(bytesSource(file));
}

/** Open the files beside a model that hold numbers of its tensors. */
export async function openExternalData(model: ModelProto, folder: ModelFolder): Promise<ExternalData> {
  const tensors = [
    ...tensorsOf(model.graph),
    ...model.functions.flatMap(({ nodes }) => [...tensorsOfNodes(nodes)]),
  ];
  const names = new Set(tensors.flatMap(({ external }) => external ? [external.get("location") ?? ""] : []));
  const files = new Map<string, WindowedBytes>();
  for (const name of names) files.set(name, await readFile(folder, name));
  return new ExternalData(files);
}
