import type { Trouble } from "../server/trouble.ts";
import type { State } from "./state.ts";
import { answerTo, wishesOf } from "./wish.ts";

/** What stands in the way of what is wished for, if anything does. */
export function troubleIn(state: State): Trouble | undefined {
  if (state.trouble) return state.trouble;
  for (const wish of wishesOf(state)) {
    const answer = answerTo(state, wish);
    if (answer?.kind === "failed") return answer.trouble;
  }
  return undefined;
}
