import * as tf from "../base/tfjs.ts";
import type { Heatmap } from "../base/heatmap.ts";
import { quote } from "../base/quote.ts";
import type { MapComponent, MethodResult } from "../methods/method.ts";
import type { CamMethod } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import type { Target } from "../targets/target.ts";
import { fuseMaps } from "./fuse_maps.ts";
import { totalOf } from "./progress.ts";
import type { Question } from "./question.ts";
import { readMap } from "./read_map.ts";
import type { ExplainRequest } from "./request.ts";
import type { Subject } from "./subject.ts";

/** The raw map of a target by a method, and what is known of it. */
export interface RawMap {
  readonly target: Target;
  /** The target's number, where it is no class's score. */
  readonly value: number | undefined;
  readonly method: CamMethod;
  /** The map before it is scaled. */
  readonly raw: Heatmap;
  /** Whether a gradient was taken and is zero everywhere. */
  readonly gradientVanishes: boolean;
  /** How long it took beyond what others had computed, in milliseconds. */
  readonly ms: number;
  /** The maps that the layer's activation was taken apart into. */
  readonly components: readonly MapComponent[] | undefined;
  /** Numbers that tell how good it is. */
  readonly details: Readonly<Record<string, number>> | undefined;
  readonly warnings: readonly string[];
}

/** As much of a request as a method's map depends on, besides its target. */
export type MethodRequest = Pick<ExplainRequest, "smooth" | "relu" | "scale" | "eps">;

/** A method, what it is told, and what it will compute. */
export interface PlannedMethod {
  readonly method: CamMethod;
  readonly settings: MethodSettings;
  /** At how many layers it is asked, the first of them. */
  readonly layers: number;
  /** Whether its map depends on the layer. */
  readonly asksLayer: boolean;
  /** How many pieces of work each target is. */
  readonly work: number;
  /** Whether it goes back from the scores to the layer. */
  readonly goesBack: boolean;
}

/**
 * What a method will compute. One that looks at the pixels alone is asked once, however many layers there are.
 *
 * @param method The method.
 * @param told What it is told; its defaults fill in the rest.
 * @param subject What is looked at.
 */
export function planMethod(
  method: CamMethod,
  told: MethodSettings,
  subject: Pick<Subject, "shapes" | "stagesAt"> & Partial<Pick<Subject, "blocks">>,
): PlannedMethod {
  const settings = { ...method.settings, ...told };
  const { layers, picture } = subject.shapes;
  const costs = layers.map((layer, at) =>
    method.cost({
      layer,
      picture,
      settings,
      blocks: subject.blocks,
      get stages() { // found out for those that ask alone
        return subject.stagesAt(at);
      },
    })
  );
  const asksLayer = method.at === "layer" ||
    costs.some(({ layerRuns = 0, layerGradients = 0 }) => layerRuns + layerGradients > 0);
  const asked = asksLayer ? costs : costs.slice(0, 1);
  return {
    method,
    settings,
    layers: asked.length,
    asksLayer,
    work: asked.reduce((sum, cost) => sum + totalOf(cost), 0),
    goesBack: asked.some(({ layerGradients = 0 }) => layerGradients > 0),
  };
}

/** What a method found at a layer. */
export interface MapAtLayer extends Omit<MethodResult, "map"> {
  /** The layer's path. */
  readonly path: string;
  readonly raw: Heatmap;
  readonly hasParts: boolean;
}

/** Numbers of several layers, under names that tell them apart. */
function joinDetails(found: readonly MapAtLayer[]): MethodResult["details"] {
  if (found.length === 1) return found[0]!.details;
  const entries = found.flatMap(({ path, details = {} }) =>
    Object.entries(details).map(([name, value]) => [`${name} at ${path}`, value] as const)
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Below which part of their magnitude the parts of a map add up to nothing but rounding. */
const rounding = 1e-5;

/** Whether the parts of a map, `[h, w, k]`, cancel each other at every place. */
async function cancels(parts: MethodResult["map"]): Promise<boolean> {
  const made: tf.Tensor[] = [];
  try {
    made.push(tf.tidy(() => tf.stack([parts.sum(-1).abs().max(), parts.abs().sum(-1).max()])));
    const [sum, magnitude] = await made[0]!.data();
    return magnitude! > 0 && sum! <= rounding * magnitude!;
  } catch (error) {
    parts.dispose(); // whoever asked will not come to it
    throw error;
  } finally {
    tf.dispose(made);
  }
}

/** What to know of a map whose parts cancel. */
function cancelled({ title }: CamMethod, path: string): string {
  return `The map of ${title} is nothing but rounding: what goes into a norm, as ${
    quote(path)
  } does, has no part in the ` +
    "score place by place, since the norm takes its length out: ask for the norm";
}

/** What to know of a map that is to be smoothed, and of which there are no parts to do it with. */
function unsmoothed({ title }: CamMethod): string {
  return `The map of ${title} is not smoothed: it has no parts by channel`;
}

/**
 * The map of a target by a method at one layer.
 *
 * @param planned The method.
 * @param question The target.
 * @param request How maps are smoothed.
 * @param layer Which of the layers, from 0.
 */
export async function mapAtLayer(
  { method, settings }: Pick<PlannedMethod, "method" | "settings">,
  question: Question,
  { split, smooth }: Pick<MethodRequest, "smooth"> & Partial<Pick<ExplainRequest, "split">>,
  layer: number,
): Promise<MapAtLayer> {
  const probe = question.probe(method.name, settings, layer);
  const result = await method.map(probe);
  const hasParts = result.map.rank === 3;
  const isLost = split?.tokens !== undefined && hasParts && await cancels(result.map);
  const raw = await readMap(result, smooth, () => probe.pause());
  const { path } = probe.layer;
  const warnings = [...result.warnings ?? [], ...isLost ? [cancelled(method, path)] : []];
  return { ...result, path, raw, hasParts, warnings };
}

/**
 * The map of a target by a method: of several layers, one made of theirs.
 *
 * @param planned The method.
 * @param question The target.
 * @param request How maps are smoothed, and scaled before they are fused.
 */
export async function mapBy(
  { method, settings, layers }: PlannedMethod,
  question: Question,
  request: MethodRequest & Partial<Pick<ExplainRequest, "split">>,
): Promise<Omit<RawMap, "target" | "value">> {
  const start = performance.now();
  const found: MapAtLayer[] = [];
  for (let layer = 0; layer < layers; layer++) {
    found.push(await mapAtLayer({ method, settings }, question, request, layer));
  }
  const raw = fuseMaps(method, found.map(({ raw }) => raw), request);
  const isZero = raw.data.every((value) => value === 0);
  return {
    method,
    raw,
    gradientVanishes: isZero && await question.gradientVanishes(),
    ms: performance.now() - start,
    components: found.length === 1 ? found[0]!.components : undefined,
    details: joinDetails(found),
    warnings: [
      ...new Set(found.flatMap(({ warnings = [] }) => warnings)),
      ...request.smooth && found.some(({ hasParts }) => !hasParts) ? [unsmoothed(method)] : [],
    ],
  };
}
