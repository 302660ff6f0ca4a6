import type { MethodAbout } from "../server/describe.ts";
import { isQuick, methodOf } from "../state/method.ts";
import { photoOf, type State } from "../state/state.ts";
import { troubleIn } from "../state/trouble_in.ts";
import { answerTo, wishesOf } from "../state/wish.ts";
import { sayShown } from "../words.ts";
import type { Answer } from "../state/answers.ts";

const waiting = {
  sending: () => "Sending the photo",
  looking: () => "The network is looking",
  longer: () => "The network is looking many times",
  busy: ({ seconds }: { readonly seconds: number }) =>
    `The server is busy. Asking again in ${Math.ceil(seconds)} s`,
} as const;

/** What is waited for, in words. */
export function sayWaiting(
  answer: Extract<Answer, { kind: "sending" | "looking" | "busy" }> | undefined,
  method: MethodAbout | undefined,
): string {
  if (answer?.kind === "busy") return waiting.busy(answer);
  if (answer?.kind === "sending") return waiting.sending();
  return method && !isQuick(method) ? waiting.longer() : waiting.looking();
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
    return answer?.kind === "done"
      ? sayShown(answer.explanation)
      : sayWaiting(answer, methodOf(state, wish.method));
  });
  return [...new Set(said)].join(". Beside it: ");
}
