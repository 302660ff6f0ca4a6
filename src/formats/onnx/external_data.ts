import { quote } from "../../base/quote.ts";
import type { ByteSource } from "../../platform/byte_source.ts";
import { type ModelFolder, openBeside } from "../model_folder.ts";
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

/** The files beside a model that hold numbers of its tensors; they are open until it is closed. */
export class ExternalData {
  readonly #sources = new Map<string, ByteSource>();
  readonly #files = new Map<string, WindowedBytes>();

  /** Add a file by its name. */
  add(name: string, source: ByteSource): void {
    this.#sources.set(name, source);
    this.#files.set(name, new WindowedBytes(source));
  }

  /** Give back what is held. */
  close(): void {
    for (const source of this.#sources.values()) source.close();
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

/** Open a file of weights, or say why there is none. */
async function openFile(folder: ModelFolder, name: string): Promise<ByteSource> {
  if (!isBeside(name)) damaged(`its data file ${quote(name)} does not lie in its folder`);
  return await openBeside(folder, name) ??
    damaged(`its data file ${quote(name)} is missing: put it beside the model, or give both by name`);
}

/** Say what is no file of weights, as where it was not fetched. */
async function checkWeights(name: string, source: ByteSource): Promise<void> {
  const { recogniseMistake } = await import("../foreign.ts");
  const mistake = recogniseMistake(source.slice(0, 512));
  if (mistake) damaged(`its data file ${quote(name)} holds no weights: ${mistake}`);
}

/** Open the files beside a model that hold numbers of its tensors; the caller closes them. */
export async function openExternalData(model: ModelProto, folder: ModelFolder): Promise<ExternalData> {
  const tensors = [
    ...tensorsOf(model.graph),
    ...model.functions.flatMap(({ nodes }) => [...tensorsOfNodes(nodes)]),
  ];
  const names = new Set(tensors.flatMap(({ external }) => external ? [external.get("location") ?? ""] : []));
  const files = new ExternalData();
  try {
    for (const name of names) {
      const source = await openFile(folder, name);
      files.add(name, source);
      await checkWeights(name, source);
    }
  } catch (error) {
    files.close();
    throw error;
  }
  return files;
}
