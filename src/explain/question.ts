import * as tf from "../base/tfjs.ts";
import type { Tensor2D, Tensor4D } from "../base/tensors.ts";
import type { Probe } from "../methods/probe.ts";
import { noAttention } from "../methods/attention.ts";
import type { Baseline, MethodSettings } from "../methods/settings.ts";
import type { Target } from "../targets/target.ts";
import { TargetAttention } from "./attention.ts";
import { TargetPlace } from "./place.ts";
import { randomNumbers } from "./random.ts";
import type { Site, SiteWork } from "./site.ts";
import type { AttentionInfo } from "../split/model.ts";

/** As much of what is examined as bears on a target. */
export interface Examined {
  /** At each layer. */
  readonly layers: readonly Site[];
  /** At the model's input. */
  readonly picture: Site;
  /** The paths of one of the layers and of those before it with finer resolutions. */
  stagesAt(layer: number): readonly string[];
  /** At another layer. */
  at(path: string): Site;
  /** The model's attention, where it has some. */
  readonly attention: AttentionInfo | undefined;
  /** At the attention of one of its blocks, of which the block's own tokens are the outcome. */
  block(at: number): Site;
  /** The scores of the photo as it is, `[1, classes]`. */
  scores(willGoBack: boolean): Promise<Tensor2D>;
  /** What stands for nothing seen, `[1, H, W, C]`. */
  baseline(kind: Baseline): Tensor4D;
}

/** One target for one photo: what its methods share. */
export class Question {
  readonly #examined: Examined;
  readonly #target: Target;
  readonly #work: SiteWork;
  readonly #layers: readonly TargetPlace[];
  readonly #others = new Map<string, TargetPlace>();
  readonly #blocks = new Map<number, TargetPlace>();
  #picture: TargetPlace | undefined;
  #attention: TargetAttention | undefined;

  constructor(examined: Examined, target: Target, work: SiteWork) {
    this.#examined = examined;
    this.#target = target;
    this.#work = work;
    this.#layers = examined.layers.map((layer) => new TargetPlace(layer, target, work.count));
  }

  /**
   * What one of its methods can ask.
   *
   * @param method Its name.
   * @param settings What it is told.
   * @param layer Which of the layers.
   */
  probe(method: string, settings: MethodSettings, layer = 0): Probe {
    const picture = () => this.#atPicture();
    const attention = () => this.#seeAttention();
    const examined = this.#examined;
    return {
      tf,
      layer: this.#layers[layer]!,
      get stages() {
        return examined.stagesAt(layer);
      },
      at: (path) => this.#at(path),
      get picture() {
        return picture();
      },
      get attention() {
        return attention();
      },
      value: () => this.value(),
      scores: () => this.#examined.scores(false),
      baseline: (kind) => Promise.resolve(this.#examined.baseline(kind)),
      settings,
      random: (name = "") => randomNumbers(settings.seed ?? 0, `${method} ${name}`),
      pause: () => this.#work.pause(),
    };
  }

  /** Whether the gradient was asked for and is zero everywhere. */
  async gradientVanishes(): Promise<boolean> {
    const places = [...this.#layers, ...this.#picture ? [this.#picture] : []];
    const asked = await Promise.all(places.flatMap(({ knownGradient }) => knownGradient ?? []));
    for (const gradient of asked) {
      if ((await gradient.data()).some((value) => value !== 0)) return false;
    }
    return asked.length > 0;
  }

  /** Free what was made for the target. */
  async dispose(): Promise<void> {
    for (const layer of this.#layers) await layer.dispose();
    await this.#picture?.dispose();
    await this.#attention?.dispose();
    for (const block of this.#blocks.values()) await block.dispose();
    for (const place of this.#others.values()) await place.dispose();
  }

  #atPicture(): TargetPlace {
    return this.#picture ??= new TargetPlace(this.#examined.picture, this.#target, this.#work.count);
  }

  #atBlock(at: number): TargetPlace {
    const place = this.#blocks.get(at) ??
      new TargetPlace(this.#examined.block(at), this.#target, this.#work.count);
    this.#blocks.set(at, place);
    return place;
  }

  #seeAttention(): TargetAttention {
    const { attention } = this.#examined;
    if (!attention) throw new RangeError(noAttention);
    const places = { picture: () => this.#atPicture(), block: (at: number) => this.#atBlock(at) };
    return this.#attention ??= new TargetAttention(attention, places);
  }

  #at(path: string): TargetPlace {
    const site = this.#examined.at(path);
    const index = this.#examined.layers.indexOf(site);
    if (index >= 0) return this.#layers[index]!;
    const place = this.#others.get(path) ?? new TargetPlace(site, this.#target, this.#work.count);
    this.#others.set(path, place);
    return place;
  }

  /** The target's value for the photo as it is. */
  async value(): Promise<number> {
    const scores = await this.#examined.scores(false);
    const value = tf.tidy(() => this.#target.value(scores));
    try {
      return (await value.data())[0]!;
    } finally {
      value.dispose();
    }
  }
}
