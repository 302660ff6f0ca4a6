import * as tf from "../base/tfjs.ts";
import { ModelError } from "../base/errors.ts";
import { Identity } from "../operations/identity.ts";
import type { Operation } from "../operations/operation.ts";
import type { Plan } from "../operations/plan.ts";
import { prepare } from "../operations/prepare.ts";
import type { Values } from "../operations/run.ts";
import type { TokenGrid } from "../base/token_grid.ts";
import { type AttentionBlock, findAttentionBlocks } from "./attention_blocks.ts";
import type { WindowGrid } from "../operations/window_view.ts";
import { seeAsGrid, seeWindowsAsGrid } from "./grid_cut.ts";

import type { Shape, SplitModel, SplitOptions } from "./model.ts";
import { isBinary, readUnit, toScores } from "./scores.ts";
import { endOf, makeSplit } from "./split_model.ts";
import {
  type CutOperations,
  cutOperations,
  dependsOn,
  endsLinearly,
  type Final,
  findFinal,
  type OperationGraph,
  planTo,
} from "./split_operations.ts";

/** A layer and an output of a model to cut between. */
export interface CutRequest {
  /** The layer's full path. */
  readonly layer: string;
  /** The id of its value. */
  readonly at: string;
  /** How its tokens lie, where its value is tokens. */
  readonly tokens?: TokenGrid | undefined;
  /** How its tokens lie in windows, where they do. */
  readonly windows?: WindowGrid | undefined;
  /** The values that stand in the place of others, by the ids of those. */
  readonly instead?: ReadonlyMap<string, string> | undefined;
  /** The id of the output's value. */
  readonly target: string;
  /** The output's shape. */
  readonly shape: Shape;
  /** What the user should know. */
  readonly warnings: readonly string[];
  /** The id of the value that is the image; `undefined` where that is not known, or there is one input alone. */
  readonly image: string | undefined;
  /** Which value each input of the model is given, the image among them. */
  feed(x: tf.Tensor4D): Values;
}

/** What layers models and graph models have in common once they are operations. Each way through them is planned once. */
export class OperationModel {
  #graph: OperationGraph;
  readonly #made: tf.Tensor[] = [];
  readonly #cuts = new Map<string, CutOperations>();
  readonly #finals = new Map<string, Final | undefined>();
  readonly #plans = new Map<string, Plan>();
  #blocks: readonly AttentionBlock[] | undefined;
  #isDisposed = false;

  /** @param graph What the model computes. */
  constructor(graph: OperationGraph) {
    this.#graph = graph;
  }

  /** What the model computes. */
  get graph(): OperationGraph {
    return this.#graph;
  }

  /** The blocks of a transformer, in their order. */
  get attentionBlocks(): readonly AttentionBlock[] {
    return this.#blocks ??= findAttentionBlocks(this.#graph.operations);
  }

  /** Whether it was freed, and can be used no more. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /**
   * Compute once what does not depend on the input, such as batch norms folded into the weights before them. It is for
   * models whose weights will not change, and that are disposed by whoever opened them.
   *
   * @param outputs Ids of the model's outputs.
   */
  async prepare(outputs: readonly string[]): Promise<void> {
    const operations = await prepare(this.#graph.operations, outputs, this.#made);
    this.#graph = { ...this.#graph, operations };
  }

  /**
   * The model, cut in two.
   *
   * @throws {ModelError} If it was disposed.
   */
  split(
    request: CutRequest,
    { score = "output", region, row, flat, twoClasses = false, exchange: exchanged }: SplitOptions,
  ): SplitModel {
    this.#refuseDisposed();
    const { layer, target, shape, image, feed } = request;
    const final = this.#final(target);
    const unit = row !== undefined || flat ? undefined : readUnit({
      shape,
      final: final?.activation,
      isLinear: endsLinearly(this.#graph.operations, target),
      twoClasses,
    });
    const { end, isBare, warnings } = endOf(
      { score: unit === "logit" ? "output" : score, layer, target, final }, // its output is the logit
      (end) => this.#cut(request, end).connected, // of the model's own, which is connected alike
    );
    return makeSplit({
      layer,
      tokens: request.tokens,
      warnings: [...request.warnings, ...warnings],
      cut: exchanged
        ? cutGraph({ ...this.#graph, operations: exchanged(this.#graph.operations) }, request, end)
        : this.#cut(request, end),
      final,
      unit,
      isBare,
      reading: { binary: isBinary(unit), region, row, flat },
      seesImage: image === undefined || dependsOn(this.#graph, request.at, image),
      feed,
    });
  }

  /**
   * An output for the values of all inputs, `[1, classes]`; the caller disposes it.
   *
   * @throws {ModelError} If it was disposed.
   */
  predict(feed: Values, target: string): tf.Tensor2D {
    this.#refuseDisposed();
    const plan = this.#plans.get(target) ?? planTo(this.#graph, target);
    this.#plans.set(target, plan);
    return tf.tidy(() => toScores(plan.run(feed)[0]!, { binary: false }, true));
  }

  /** Free what was computed once. */
  dispose(): void {
    tf.dispose(this.#made);
    this.#isDisposed = true;
  }

  #refuseDisposed(): void {
    if (this.#isDisposed) throw new ModelError("Cannot use a model that was disposed: open it again");
  }

  #final(target: string): Final | undefined {
    if (!this.#finals.has(target)) this.#finals.set(target, findFinal(this.#graph.operations, target));
    return this.#finals.get(target);
  }

  #cut({ at, tokens, windows, instead }: CutRequest, end: string): CutOperations {
    const key = JSON.stringify([at, end, tokens, windows !== undefined, [...instead ?? []]]);
    const known = this.#cuts.get(key);
    if (known) return known;
    const cut = cutGraph(this.#graph, { at, tokens, windows, instead }, end);
    this.#cuts.set(key, cut);
    return cut;
  }
}

/** Cut what a model computes at a layer. */
function cutGraph(
  whole: OperationGraph,
  { at, tokens, windows, instead }: Pick<CutRequest, "at" | "tokens" | "windows" | "instead">,
  end: string,
): CutOperations {
  const graph = instead ? { ...whole, operations: exchange(whole.operations, instead) } : whole;
  const seen = tokens
    ? seeAsGrid(graph, at, tokens)
    : windows
    ? seeWindowsAsGrid(graph, at, windows)
    : { graph, at };
  return cutOperations(seen.graph, seen.at, end);
}

/** The same operations, but that those which give some values hand on others. */
function exchange(operations: readonly Operation[], instead: ReadonlyMap<string, string>): Operation[] {
  return operations.map((operation) => {
    const [output] = operation.outputs;
    const other = operation.outputs.length === 1 ? instead.get(output!) : undefined;
    return other === undefined ? operation : new Identity(other, output!);
  });
}
