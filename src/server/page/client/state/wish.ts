import type { Answer, PlainExplanation, PlainScore } from "./answers.ts";
import { methodOf, toldTo } from "./method.ts";
import type { Side } from "./settings.ts";
import { aboutOf, type InputFile, modelIdOf, photoOf, type State } from "./state.ts";

/**
 * What is asked of the server. Answers are held by the wish that they answer, and only that of the current wish is shown:
 * whatever comes late belongs to another.
 */
export interface Wish {
  /** The photo's number. */
  readonly photo: number;
  /** Whether it is sent as it is. */
  readonly exact: boolean;
  readonly model: string;
  /** The input that is explained, where the model has several. */
  readonly input: string | undefined;
  /** Numbers for other inputs, by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Files for other inputs, by name. */
  readonly files: Readonly<Record<string, InputFile>>;
  /** The best if left out. */
  readonly classIndex: number | undefined;
  /** The class that it is compared with. */
  readonly versus: number | undefined;
  /** The model's default if left out. */
  readonly layer: string | undefined;
  /** The server's first if left out. */
  readonly method: string | undefined;
  /** What the method is told, by the names of its settings. */
  readonly told: Readonly<Record<string, string>>;
}

/** What the scores depend on, as a key. */
export function lookKeyOf({ photo, exact, model, inputs, files }: Wish): string {
  const numbers = Object.entries(inputs).filter(([, value]) => value.trim() !== "").sort();
  const chosen = Object.entries(files).map(([name, { id }]) => [name, id]).sort();
  return JSON.stringify([photo, exact, model, numbers, chosen]);
}

/** What the map depends on, as a key: all of a wish. */
export function keyOf(wish: Wish): string {
  const { classIndex = null, versus = null, layer = null, method = null, told } = wish;
  const settings = Object.entries(told).sort();
  return `${lookKeyOf(wish)}${JSON.stringify([classIndex, versus, layer, method, settings])}`;
}

/** The same wish, however it was chosen. */
function plain(state: State, wish: Wish): Wish {
  const { versus, classIndex, layer, method } = wish;
  return {
    ...wish,
    versus: versus === classIndex ? undefined : versus,
    layer: layer === aboutOf(state)?.defaultLayer ? undefined : layer,
    method: method === state.methods[0]?.name ? undefined : method,
    told: toldTo(methodOf(state, method), state.settings.told),
  };
}

/** What is wished for now; nothing while there is no photo or the model is not known. */
export function wishOf(state: State): Wish | undefined {
  const { settings: { exact, inputs, classIndex, versus, layer, method }, files } = state;
  const [photo, model, about] = [photoOf(state), modelIdOf(state), aboutOf(state)];
  if (!photo || model === undefined || !about) return undefined;
  const input = about.inputs.length > 1 ? about.inputs.find(({ explained }) => explained)?.name : undefined;
  const chosen = { classIndex, versus, layer, method, told: {} };
  return plain(state, { photo: photo.id, exact, model, input, inputs, files, ...chosen });
}

/** How each side of a comparison is wished for. */
const changes: Readonly<Record<Side, (value: string) => Partial<Wish>>> = {
  class: (value) => ({ classIndex: Number(value) }),
  layer: (value) => ({ layer: value }),
  method: (value) => ({ method: value }),
};

/** What the maps that are seen wish for: one, or two side by side. */
export function wishesOf(state: State): readonly Wish[] {
  const wish = wishOf(state);
  const { comparison } = state.settings;
  if (!wish) return [];
  if (!comparison) return [wish];
  const { versus } = state.settings;
  return [wish, plain(state, { ...wish, versus, ...changes[comparison.by](comparison.value) })];
}

/** The answer to a wish, as far as it has come. */
export function answerTo({ answers }: Pick<State, "answers">, wish: Wish): Answer | undefined {
  return answers.get(keyOf(wish));
}

/** The explanation that a wish asks for, if it has come. */
export function explanationOf(state: Pick<State, "answers">, wish: Wish): PlainExplanation | undefined {
  const answer = answerTo(state, wish);
  return answer?.kind === "done" ? answer.explanation : undefined;
}

/** Any explanation of the same look at the same photo: its scores are those of the wish, whatever its map is of. */
export function lookOf({ answers }: Pick<State, "answers">, wish: Wish): PlainExplanation | undefined {
  const key = lookKeyOf(wish);
  for (const [of, answer] of answers) {
    if (answer.kind === "done" && of.startsWith(key)) return answer.explanation;
  }
  return undefined;
}

/** The best classes, and the chosen ones where they are not among them. */
export function listedScores(state: State, wish: Wish): readonly PlainScore[] {
  const scores = lookOf(state, wish)?.scores ?? [];
  const shown = explanationOf(state, wish)?.maps[0];
  return shown && !scores.some(({ classIndex }) => classIndex === shown.classIndex)
    ? [...scores, shown]
    : scores;
}
