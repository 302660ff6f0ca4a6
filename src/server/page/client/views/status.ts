import { photoOf, type State } from "../state/state.ts";
import { troubleIn } from "../state/trouble_in.ts";
import { answerTo, wishesOf } from "../state/wish.ts";
import { sayShown } from "../words.ts";
import type { Answer } from "../state/answers.ts";

const waiting = {
  sending: () => "Sending the photo",
  looking: () => "The network is looking",
  busy: ({ seconds }: { readonly seconds: number }) =>
    `The server is busy. Asking again in ${Math.ceil(seconds)} s`,
} as const;

/** What is waited for, in words. */
export function sayWaiting(answer: Extract<Answer, { kind: keyof typeof waiting }> | undefined): string {
  if (!answer) return waiting.looking();
  return answer.kind === "busy" ? waiting.busy(answer) : waiting[answer.kind]();
}

/** What is said aloud as things change. */
export function statusOf(state: State): string {
  if (state.note) return state.note.text;
  const wishes = wishesOf(state);
  if (troubleIn(state) || !photoOf(state)) return "";
  if (wishes.length === 0) return "The server opens its model";
  const said = wishes.map((wish) => {
    const answer = answerTo(state, wish);
    if (answer?.kind === "failed") return "";
    return answer?.kind === "done" ? sayShown(answer.explanation) : sayWaiting(answer);
  });
  return [...new Set(said)].join(". Beside it: ");
}
