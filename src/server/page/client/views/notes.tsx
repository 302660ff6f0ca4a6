/// <reference lib="dom" />
import { troubleIn } from "../state/trouble_in.ts";
import { useKeptFocus } from "./keep_focus.ts";
import type { PageProps } from "./props.ts";
import { statusOf } from "./status.ts";

/** What went wrong, what to do, and a way to try again. */
function TroubleCard({ state, actions }: PageProps) {
  const card = useKeptFocus<HTMLDivElement>();
  const { title, advice, detail } = troubleIn(state)!;
  return (
    <div class="card trouble" id="trouble" ref={card}>
      <h2>{title}</h2>
      <p>{advice}</p>
      {detail && <p class="quiet detail">The server says: {detail}</p>}
      <button type="button" class="button" id="again" onClick={() => actions.tryAgain()}>Try again</button>
    </div>
  );
}

/** What is said: to everybody at a place that stays, and aloud. */
export function Notes(props: PageProps) {
  const { note } = props.state;
  return (
    <>
      <p class="unseen" id="status" role="status" aria-live="polite">{statusOf(props.state)}</p>
      <div role="alert">
        {troubleIn(props.state) && !props.state.needsToken && <TroubleCard {...props} />}
      </div>
      {note && <p class={note.isTrouble ? "note trouble" : "note"}>{note.text}</p>}
    </>
  );
}
