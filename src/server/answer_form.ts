import { encodings, type PictureFormat } from "../draw/encodings/mod.ts";
import {
  fileTypeOf,
  findRendering,
  type Rendering,
  type RenderingName,
  renderings,
} from "../draw/renderings/mod.ts";
import type { EncodeOptions } from "../explain/explanation.ts";
import { acceptedType } from "./accept.ts";
import { Problem } from "./problem.ts";

/** How the parts of an answer are sent: the only one as it is, all as a form, or all in one JSON. */
export type AnswerShape = "one" | "form" | "json";

/** What is answered with, and how it is sent. */
export interface AnswerForm {
  /** One at least. */
  readonly renderings: readonly RenderingName[];
  readonly shape: AnswerShape;
  /** How pictures are written. */
  readonly drawing: EncodeOptions;
}

/** What a request says of its answer. */
export interface AskedForm {
  /** What is named by `format`; none where nothing is. */
  readonly renderings: readonly Rendering[];
  readonly drawing: EncodeOptions;
  readonly headers: Headers;
}

/** Something that can be answered with, as a client may accept it. */
interface Choice extends AnswerForm {
  readonly mediaType: string;
}

/** The formats that pictures may be written in: the one that is named, else those that take what is asked of them. */
function formatsFor({ format, quality }: EncodeOptions): readonly PictureFormat[] {
  if (format !== undefined) return [format];
  return encodings.filter(({ isExact }) => quality === undefined || !isExact).map(({ name }) => name);
}

/** How a rendering is sent alone: in one way for each media type that it can have. */
function choicesOf(rendering: Rendering, drawing: EncodeOptions): Choice[] {
  const { name, draw } = rendering;
  if (!draw) {
    return [{ renderings: [name], shape: "one", drawing, mediaType: fileTypeOf(rendering).mediaType }];
  }
  return formatsFor(drawing).map((format) => {
    const { mediaType } = fileTypeOf(rendering, { format });
    return { renderings: [name], shape: "one", drawing: { ...drawing, format }, mediaType };
  });
}

/** How several are sent: as a form, or in one JSON if that is among them. */
function choicesOfSeveral(several: readonly Rendering[], drawing: EncodeOptions): Choice[] {
  const names = several.map(({ name }) => name);
  const [format] = formatsFor(drawing);
  const form: Choice = {
    renderings: names,
    shape: "form",
    drawing: { ...drawing, format },
    mediaType: "multipart/form-data",
  };
  if (!names.includes("json")) return [form];
  return [form, { ...form, shape: "json", mediaType: "application/json" }];
}

/** What is sent where no format is named, the first to whom it is all the same. */
const unnamed: readonly RenderingName[] = ["overlay", "json", "npy"];

function allChoices({ renderings, drawing }: AskedForm): Choice[] {
  if (renderings.length === 0) return unnamed.flatMap((name) => choicesOf(findRendering(name), drawing));
  if (renderings.length === 1) return choicesOf(renderings[0]!, drawing);
  return choicesOfSeveral(renderings, drawing);
}

/**
 * What to answer with: what `format` names, in the media type that the client would rather have by its `Accept`; where no
 * format is named that chooses alone.
 *
 * @throws {Problem} 406 if it takes none of them.
 */
export function chooseForm(asked: AskedForm): AnswerForm {
  const choices = allChoices(asked);
  const types = choices.map(({ mediaType }) => mediaType);
  const accepted = acceptedType(asked.headers, types);
  const chosen = choices.find(({ mediaType }) => mediaType === accepted);
  if (chosen) return chosen;
  const names = asked.renderings.map(({ name }) => name).join(" and ");
  throw new Problem(
    406,
    `Cannot answer${names && ` with format ${names}`} in a type that Accept names: the types are ${
      types.join(", ")
    }`,
  );
}

/** What `/explain` answers with: where no format is named, JSON for those whose `Accept` names it, else the overlay. */
export function chooseFormAsBefore({ renderings, drawing, headers }: AskedForm): AnswerForm {
  const prefersJson = headers.get("accept")?.includes("application/json") ?? false;
  const wanted = renderings.length > 0 ? renderings : [findRendering(prefersJson ? "json" : "overlay")];
  return {
    renderings: wanted.map(({ name }) => name),
    shape: wanted.length === 1 ? "one" : "form",
    drawing: { ...drawing, format: formatsFor(drawing)[0] },
  };
}

/** All media types that an explanation can be answered in. */
export const answerTypes: readonly string[] = [
  ...new Set([
    ...renderings.flatMap((rendering) => choicesOf(rendering, {})),
    ...choicesOfSeveral(renderings, {}),
  ].map(({ mediaType }) => mediaType)),
];
