import { LayerNotFoundError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { WindowGrid } from "../operations/window_view.ts";
import { chooseLayer, type NameFinder } from "./layer_choice.ts";
import type { AttentionInfo } from "./model.ts";
import type { CutRequest, OperationModel } from "./operation_model.ts";
import type { ToldGrid } from "./told_grid.ts";
import { findTransformer, standIn, type Transformer } from "./transformer.ts";
import { windowsOf } from "./windowed.ts";
import { findWindows, type ValuedLayer } from "./windows.ts";

/** Where a model is to be cut, and how what lies there is seen. */
export type CutPlace = Pick<CutRequest, "layer" | "at" | "tokens" | "windows" | "instead" | "warnings">;

/** How a layer is asked for. */
export interface LayerRequest extends ToldGrid {
  /** What a name may mean besides a path. */
  readonly find?: NameFinder | undefined;
  /**
   * The layers that the default is among.
   * @default {all}
   */
  readonly among?: ((layers: readonly ValuedLayer[]) => readonly ValuedLayer[]) | undefined;
}

/** The layers of a model, as places where it can be cut: pictures as they are, tokens as the picture that they lie on. */
export class LayerCuts {
  readonly #operations: OperationModel;
  readonly #layers: () => readonly ValuedLayer[];
  readonly #windows = new Map<string, WindowGrid>();

  /**
   * @param operations What the model computes.
   * @param layers Gives all layers in the order of the model, and the ids of their values.
   */
  constructor(operations: OperationModel, layers: () => readonly ValuedLayer[]) {
    this.#operations = operations;
    this.#layers = layers;
  }

  /**
   * The layer of a name, or the default.
   *
   * @throws {LayerNotFoundError} If there is none, or its output is neither a picture nor tokens of one.
   */
  choose(name: string | undefined, { find, grid, tokens, among }: LayerRequest): CutPlace {
    const transformer = { blockInputs: () => this.#blockInputs() };
    const layers = name === undefined && among ? among(this.#layers()) : this.#layers();
    const choice = chooseLayer(layers, name, { find, transformer, grid, tokens });
    const { path, warnings } = choice;
    const layer = layers.find((one) => one.path === path)!;
    const windows = choice.tokens ? undefined : this.#windowsAt(layer);
    return { layer: path, at: layer.id, tokens: choice.tokens, windows, warnings };
  }

  /** The model's attention, where it is from all tokens of a grid to all of them. */
  attention(told: ToldGrid): AttentionInfo | undefined {
    const found = this.#transformer(told);
    return found && { ...found, lastBlock: this.#normOfLastBlock(found) };
  }

  /** At the attention of a block, of which the block's own tokens are the outcome. */
  atAttention(block: number, told: ToldGrid): CutPlace {
    const { blocks } = this.#transformer(told)!;
    const { weights } = blocks[block]!;
    return { layer: weights, at: weights, instead: standIn(blocks, block), warnings: [] };
  }

  /** The paths of what goes into the blocks of a transformer, the last block's first. */
  #blockInputs(): string[] {
    const paths = new Map(this.#layers().map(({ id, path }) => [id, path]));
    return this.#operations.attentionBlocks.toReversed().flatMap(({ input }) => paths.get(input) ?? []);
  }

  /** The layers before and behind the first norm of the last block. */
  #normOfLastBlock({ blocks }: Transformer): AttentionInfo["lastBlock"] {
    const { normed } = blocks.at(-1)!;
    const [input] = this.#blockInputs();
    const layer = normed === undefined ? undefined : this.#layers().findLast(({ id }) => id === normed);
    return input !== undefined && layer ? { input, normed: layer.path } : undefined;
  }

  #transformer(told: ToldGrid): Transformer | undefined {
    return findTransformer(this.#operations.attentionBlocks, this.#layers(), told);
  }

  /**
   * How the tokens of a layer lie that are in windows.
   *
   * @throws {LayerNotFoundError} If it cannot be found out.
   */
  #windowsAt(layer: ValuedLayer): WindowGrid | undefined {
    if (!windowsOf(layer)) return undefined;
    const known = this.#windows.get(layer.path) ?? findWindows(this.#operations.graph, layer, this.#layers());
    if (!known) throw new LayerNotFoundError(lostWindows(layer));
    this.#windows.set(layer.path, known);
    return known;
  }
}

/** What to say of a layer whose windows cannot be put back in place. */
function lostWindows({ path, outputShape }: ValuedLayer): string {
  return `Cannot take a map at layer ${quote(path)}: its output [${
    outputShape.join(", ")
  }] lies in windows, and it ` +
    "cannot be told where: take one before the picture is cut into them, or behind where it is put together";
}
