import type { Tensor2D, Tensor4D } from "../base/tensors.ts";
import type { Turns } from "../base/turns.ts";
import type { Preprocessing } from "../input/preprocess.ts";
import type { Baseline } from "../methods/settings.ts";
import type { HeadResult, SplitModel } from "../split/model.ts";
import type { Target } from "../targets/target.ts";
import type { AttentionCut } from "./attention.ts";
import { makeBaseline } from "./baseline.ts";
import { Question } from "./question.ts";
import { Site, type SiteWork } from "./site.ts";

/** A layer of the model, and what lies there. */
export interface LayerCut {
  /** The model, cut at the layer. */
  readonly split: SplitModel;
  /** What the head gave there; it stays the caller's. */
  readonly head: HeadResult;
}

/** What methods look at: a photo as the model's input, and the model cut at a layer and at its input. */
export interface SubjectParts extends LayerCut {
  /** `[1, H, W, C]`; it stays the caller's. */
  readonly x: Tensor4D;
  /** How it was made of a photo's pixels; `undefined` for a tensor. */
  readonly preprocessing: Preprocessing | undefined;
  /** Further layers. */
  readonly more?: readonly LayerCut[] | undefined;
  /** Cut the model at its input. */
  splitAtPicture(): SplitModel;
  /** Cut the model at another layer, by its full path. */
  splitAtLayer(path: string): SplitModel;
  /** The paths of a layer and of those before it with finer resolutions, finest last. */
  stages(path: string): readonly string[];
  /** The model's attention, where it has some. */
  readonly attention?: AttentionCut | undefined;
  /** Given between pieces of work. */
  readonly turns: Turns;
  /** Told how many runs or gradients have been done. */
  count(done: number): void;
}

/** The shapes of what is looked at. */
export interface SubjectShapes {
  /** Of each layer's output, `[1, h, w, k]`. */
  readonly layers: readonly (readonly [number, number, number, number])[];
  /** Of the model's input, `[1, H, W, C]`. */
  readonly picture: readonly [number, number, number, number];
}

/** Values that stay their owner's as copies that can be disposed. */
function share({ activation, carried }: HeadResult): HeadResult {
  return { activation: activation.clone(), carried: carried.map((value) => value.clone()) };
}

/** A photo and a model under examination, for all targets and methods: what one has had computed, the others find. */
export class Subject {
  /** At each layer. */
  readonly layers: readonly Site[];
  readonly #parts: SubjectParts;
  readonly #others = new Map<string, Site>();
  readonly #blocks = new Map<number, Site>();
  #picture: Site | undefined;
  #scores: Promise<Tensor2D> | undefined;
  readonly #stages = new Map<number, readonly string[]>();
  readonly #baselines = new Map<Baseline, Tensor4D>();

  constructor(parts: SubjectParts) {
    this.#parts = parts;
    this.layers = [parts, ...parts.more ?? []].map(({ split, head }) =>
      new Site(split, () => Promise.resolve(share(head)), this.#work)
    );
  }

  /** At the layer, or the first of several. */
  get layer(): Site {
    return this.layers[0]!;
  }

  /** At the model's input. */
  get picture(): Site {
    if (this.#picture) return this.#picture;
    const split = this.#parts.splitAtPicture();
    const makeHead = () => split.headInTurns(this.#parts.x, this.#work.pause);
    return this.#picture = new Site(split, makeHead, this.#work);
  }

  /**
   * The paths of a layer and, before it, of the last layer of each finer resolution that the scores depend on.
   *
   * @param at Which of the layers.
   */
  stagesAt(at: number): readonly string[] {
    const { layer } = this.layers[at]!.split;
    const stages = this.#stages.get(at) ??
      this.#parts.stages(layer).filter((path) => this.at(path).split.connected);
    this.#stages.set(at, stages);
    return stages;
  }

  /**
   * At another layer, which the model is run to from the picture on.
   *
   * @param path Its full path.
   */
  at(path: string): Site {
    const own = this.layers.find(({ split }) => split.layer === path);
    if (own) return own;
    const known = this.#others.get(path);
    if (known) return known;
    const split = this.#parts.splitAtLayer(path);
    const site = new Site(split, () => split.headInTurns(this.#parts.x, this.#work.pause), this.#work);
    this.#others.set(path, site);
    return site;
  }

  /** The model's attention, where it has some. */
  get attention(): AttentionCut | undefined {
    const { attention, x } = this.#parts;
    return attention && { ...attention, grid: attention.gridFor?.(x) ?? attention.grid };
  }

  /** How many blocks of attention the model has, where it has some. */
  get blocks(): number | undefined {
    return this.#parts.attention?.weights.length;
  }

  /**
   * At the attention of a block, of which the block's own tokens are the outcome.
   *
   * @param at Which block.
   */
  block(at: number): Site {
    const known = this.#blocks.get(at);
    if (known) return known;
    const split = this.#parts.attention!.splitAtBlock(at);
    const site = new Site(split, () => split.headInTurns(this.#parts.x, this.#work.pause), this.#work);
    this.#blocks.set(at, site);
    return site;
  }

  /**
   * The scores of the photo as it is, `[1, classes]`.
   *
   * @param willGoBack Whether a gradient at the layer will be needed, whose pass gives them too.
   */
  scores(willGoBack: boolean): Promise<Tensor2D> {
    return this.#scores ??= willGoBack || this.layer.hasPass || !this.layer.split.connected
      ? this.layer.pass().then(({ scores }) => scores.clone())
      : this.#rerun();
  }

  /** What stands for nothing seen, `[1, H, W, C]`; it stays the subject's. */
  baseline(kind: Baseline): Tensor4D {
    const baseline = this.#baselines.get(kind) ?? makeBaseline(kind, this.#parts);
    this.#baselines.set(kind, baseline);
    return baseline;
  }

  /** The shapes of what is looked at. */
  get shapes(): SubjectShapes {
    const { head, more = [], x } = this.#parts;
    return {
      layers: [head, ...more.map(({ head }) => head)].map(({ activation }) => activation.shape),
      picture: x.shape,
    };
  }

  /** The subject as it bears on one target. */
  about(target: Target): Question {
    return new Question(this, target, this.#work);
  }

  /** Free all of it. */
  async dispose(): Promise<void> {
    for (const baseline of this.#baselines.values()) baseline.dispose();
    await this.#scores?.then((scores) => scores.dispose(), () => {});
    for (const layer of this.layers) await layer.dispose();
    await this.#picture?.dispose();
    for (const site of [...this.#others.values(), ...this.#blocks.values()]) await site.dispose();
  }

  get #work(): SiteWork {
    const { turns, count } = this.#parts;
    return { pause: () => turns.next(), count };
  }

  async #rerun(): Promise<Tensor2D> {
    const { activation, carried } = await this.layer.head();
    return await this.layer.split.rerun(activation, carried, this.#work.pause);
  }
}
