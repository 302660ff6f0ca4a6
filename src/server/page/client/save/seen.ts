import type { Picture } from "../photo/open_photo.ts";
import type { PlainExplanation } from "../state/answers.ts";
import { photoOf, type State } from "../state/state.ts";
import { explanationOf, type Wish, wishesOf } from "../state/wish.ts";

/** A map that is seen, and what it was asked for with. */
export interface SeenMap {
  readonly wish: Wish;
  readonly explanation: PlainExplanation;
}

/** What is seen: a photo, and one map of it or two side by side. */
export interface Seen {
  readonly state: State;
  readonly photoName: string;
  readonly picture: Picture;
  readonly maps: readonly [SeenMap, ...SeenMap[]];
}

/** What is seen, once all of it is. */
export function seenIn(state: State): Seen | undefined {
  const photo = photoOf(state);
  const picture = photo && state.pictures.get(photo.id);
  if (!picture) return undefined;
  const maps: SeenMap[] = [];
  for (const wish of wishesOf(state)) {
    const explanation = explanationOf(state, wish);
    if (!explanation) return undefined;
    maps.push({ wish, explanation });
  }
  const [first, ...others] = maps;
  return first && { state, photoName: photo.name, picture, maps: [first, ...others] };
}
