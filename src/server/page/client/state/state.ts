import type { MethodAbout, ModelAbout, ModelEntry } from "../server/describe.ts";
import type { Trouble } from "../server/trouble.ts";
import type { OpenPhoto, Picture } from "../photo/open_photo.ts";
import type { Answer } from "./answers.ts";
import { firstSettings, type Settings } from "./settings.ts";

/** Something that is said above the page for a while. */
export interface Note {
  readonly text: string;
  readonly isTrouble: boolean;
}

/** A file for another input of the model; its number tells it from others of the same name. */
export interface InputFile {
  readonly id: number;
  readonly file: File;
}

/** All that the page knows. What is seen follows from it. */
export interface State {
  readonly settings: Settings;
  /** What to go back to, the latest last. */
  readonly past: readonly Settings[];
  /** What was gone back from, the next first. */
  readonly future: readonly Settings[];
  /** The photos that were chosen, by their number. */
  readonly photos: ReadonlyMap<number, OpenPhoto>;
  /** What is shown of each, once it can be. */
  readonly pictures: ReadonlyMap<number, Picture>;
  /** Files for other inputs, by the inputs' names. */
  readonly files: Readonly<Record<string, InputFile>>;
  /** Answers by the wishes that they answer. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** The models that the server has; none while that is not known. */
  readonly models: readonly ModelEntry[];
  /** What is known of each, by id. */
  readonly about: ReadonlyMap<string, ModelAbout>;
  readonly methods: readonly MethodAbout[];
  /** Why models and methods are not known. */
  readonly trouble: Trouble | undefined;
  /** Whether the server wants a token that it has not got. */
  readonly needsToken: boolean;
  readonly note: Note | undefined;
}

/** What there is at first. */
export const firstState: State = Object.freeze({
  settings: firstSettings,
  past: [],
  future: [],
  photos: new Map(),
  pictures: new Map(),
  files: {},
  answers: new Map(),
  models: [],
  about: new Map(),
  methods: [],
  trouble: undefined,
  needsToken: false,
  note: undefined,
});

/** The id of the model that is chosen, once it is known. */
export function modelIdOf({ settings, models }: Pick<State, "settings" | "models">): string | undefined {
  const chosen = models.find(({ id }) => id === settings.model);
  return (chosen ?? models.find((model) => model.default) ?? models[0])?.id;
}

/** What is known of the chosen model. */
export function aboutOf(state: State): ModelAbout | undefined {
  return state.about.get(modelIdOf(state) ?? "");
}

/** The chosen photo. */
export function photoOf({ settings, photos }: Pick<State, "settings" | "photos">): OpenPhoto | undefined {
  return settings.photo === undefined ? undefined : photos.get(settings.photo);
}

/** What is taken for a model's side where it takes any, in pixels. */
const usualSide = 224;

/** The longer side of what the chosen model sees, in pixels. */
export function modelSideOf(state: State): number {
  const [, height, width] = aboutOf(state)?.inputs.find(({ explained }) => explained)?.shape ?? [];
  return Math.max(height ?? usualSide, width ?? usualSide);
}
