import type { PlainExplanation } from "../state/answers.ts";
import { subjectOf } from "../words.ts";

/** The longest part of a name, in characters. */
const longest = 60;

/** A text as a part of a file's name: letters and digits of any script, and hyphens between them. */
function part(text: string): string {
  const plain = text.normalize("NFC").toLowerCase().replace(/[^\p{Letter}\p{Mark}\p{Number}]+/gu, "-");
  return [...plain].slice(0, longest).join("").replace(/^-+|-+$/g, "");
}

/** What is saved, and what of. */
export interface NamedSave {
  readonly photoName: string;
  readonly explanation: PlainExplanation;
  /** The layer that is taken where none is chosen, which names leave out. */
  readonly defaultLayer: string | undefined;
  /** Such as `overlay`. */
  readonly kind: string;
  /** With its dot. */
  readonly ending: string;
  /** What stands beside it, where two maps are saved as one. */
  readonly beside?: PlainExplanation | undefined;
}

/** How a file is called: photo, class, method, the layer where it was chosen, and kind. */
export function fileNameOf(
  { photoName, explanation, defaultLayer, kind, ending, beside }: NamedSave,
): string {
  const named = ({ maps, unit, method, layer }: PlainExplanation) => [
    part(subjectOf(maps[0]!, unit)),
    part(method),
    layer === defaultLayer ? "" : part(layer),
  ];
  const parts = [
    part(photoName.replace(/\.[^.]*$/, "")) || "photo",
    ...named(explanation),
    ...beside ? ["vs", ...named(beside)] : [],
    kind,
  ];
  return parts.filter((text) => text !== "").join(".") + ending;
}
