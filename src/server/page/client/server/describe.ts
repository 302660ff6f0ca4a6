/// <reference lib="dom" />
import { send } from "./send.ts";
import { checkReply } from "./trouble.ts";

/** A model that the server has. */
export interface ModelEntry {
  readonly id: string;
  readonly default: boolean;
}

/** Something with a name and a sentence. */
export interface NamedThing {
  readonly name: string;
  readonly description?: string | undefined;
}

/** A setting that a method takes. */
export interface MethodSetting {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[] | undefined;
  readonly range?: readonly [number, number] | undefined;
  readonly whole?: boolean | undefined;
  /** What it is where nothing is chosen; left out where the server finds it out. */
  readonly default?: number | string | undefined;
}

/** A method, as the server has it; servers before said less. */
export interface MethodAbout extends NamedThing {
  readonly title?: string | undefined;
  /** Where its maps lie; on tokens for transformers alone. */
  readonly at?: "layer" | "picture" | "tokens" | undefined;
  readonly cost?: "light" | "medium" | "heavy" | undefined;
  /** How many runs of the model a map takes, about. */
  readonly passes?: number | undefined;
  readonly settings?: readonly MethodSetting[] | undefined;
  /** Settings that keep it within what the server takes. */
  readonly within?: Readonly<Record<string, number | string>> | undefined;
}

/** An input of a model. */
export interface ModelInput {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  /** Whether it is a picture. */
  readonly picture: boolean;
  /** Whether maps are of it. */
  readonly explained: boolean;
  /** Whether the server has values for it. */
  readonly given: boolean;
}

/** A layer that maps can be of. */
export interface ModelLayer {
  readonly path: string;
  readonly kind: string;
  readonly outputShape: readonly (number | null)[];
  /** How its tokens lie on the picture, where its output is tokens. */
  readonly tokens?: { readonly height: number; readonly width: number } | undefined;
}

/** What the page needs to know of a model. */
export interface ModelAbout {
  readonly inputs: readonly ModelInput[];
  readonly labels: readonly string[];
  /** How many classes there are, where that is known. */
  readonly classes: number | undefined;
  readonly defaultLayer: string | undefined;
  /** The layers worth a look first. */
  readonly suggested: readonly ModelLayer[];
  /** All layers that maps can be of. */
  readonly layers: readonly ModelLayer[];
  /** Whether it has attention that methods can look at. */
  readonly hasAttention: boolean;
}

async function ask<Answer>(path: string): Promise<Answer> {
  const { body } = await checkReply(await send(path, { accept: "application/json" }));
  return JSON.parse(await body.text());
}

/** The models. */
export async function listModels(): Promise<readonly ModelEntry[]> {
  return (await ask<{ models: ModelEntry[] }>("v1/models")).models;
}

/** The methods, the usual one first. */
export async function listMethods(): Promise<readonly MethodAbout[]> {
  const { methods } = await ask<{ methods: readonly (MethodAbout | string)[] }>("v1/methods");
  return methods.map((method) => typeof method === "string" ? { name: method } : method);
}

/** Whether a layer's output is a picture of more than one cell. */
function isSpatial({ tokens, outputShape: [batch = null, height, width, channels] }: ModelLayer): boolean {
  if (tokens) return tokens.height !== 1 || tokens.width !== 1;
  return channels !== undefined && (batch ?? 1) === 1 && (height !== 1 || width !== 1);
}

/** What there is to know of a model; the server opens it for that, if it is not open. */
export async function describeModel(id: string): Promise<ModelAbout> {
  const path = `v1/models/${encodeURIComponent(id)}`;
  const [model, listed] = await Promise.all([
    ask<{
      inputs: ModelInput[];
      outputs: { shape: (number | null)[] }[];
      labels?: string[] | null;
      attention?: boolean;
    }>(path),
    ask<{ default: string | null; suggested?: string[]; layers: ModelLayer[] }>(`${path}/layers`),
  ]);
  const layers = listed.layers.filter(isSpatial);
  const suggested = listed.suggested ?? (listed.default === null ? [] : [listed.default]);
  const [output, ...more] = model.outputs;
  return {
    inputs: model.inputs,
    labels: model.labels ?? [],
    classes: model.labels?.length ?? (more.length === 0 ? output?.shape.at(-1) ?? undefined : undefined),
    defaultLayer: listed.default ?? undefined,
    suggested: suggested.flatMap((wanted) => layers.find(({ path }) => path === wanted) ?? []),
    layers,
    hasAttention: model.attention ?? layers.some(({ tokens }) => tokens !== undefined), // servers before said nothing
  };
}
