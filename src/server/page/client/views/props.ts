import type { Actions } from "../actions.ts";
import type { KeepUp } from "../keep_up.ts";
import type { State } from "../state/state.ts";

/** What every part of the page is shown by: what is, and what can be done. */
export interface PageProps {
  readonly state: State;
  readonly actions: Actions;
  readonly keepUp: KeepUp;
}
