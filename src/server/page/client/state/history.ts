import type { Settings } from "./settings.ts";
import type { State } from "./state.ts";

/** As much as can be undone. */
const longest = 100;

type Timeline = Pick<State, "settings" | "past" | "future">;

/**
 * Choose something, so that it can be undone.
 *
 * @param state What is.
 * @param patch What is chosen.
 * @param goesOn Whether it goes on with the last choice, as moving a slider does: both are undone as one.
 */
export function choose({ settings, past }: Timeline, patch: Partial<Settings>, goesOn = false): Timeline {
  const before = goesOn && past.length > 0 ? past : [...past, settings].slice(-longest);
  return { settings: { ...settings, ...patch }, past: before, future: [] };
}

/** Go back to the choice before. */
export function undo({ settings, past, future }: Timeline): Timeline {
  const before = past.at(-1);
  if (!before) return { settings, past, future };
  return { settings: before, past: past.slice(0, -1), future: [settings, ...future] };
}

/** Choose again what was undone. */
export function redo({ settings, past, future }: Timeline): Timeline {
  const [next, ...later] = future;
  if (!next) return { settings, past, future };
  return { settings: next, past: [...past, settings], future: later };
}
