/// <reference lib="dom" />
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** The id of what is looked at, which takes the focus where what had it has gone. */
export const stageId = "stage";

/** Hands the focus on to the stage when a part of the page goes that has it, so that a keyboard's way does not begin anew. */
export function useKeptFocus<Kind extends HTMLElement>(): RefObject<Kind | null> {
  const part = useRef<Kind>(null);
  useLayoutEffect(() => {
    const element = part.current;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      queueMicrotask(() => document.getElementById(stageId)?.focus({ preventScroll: true }));
    };
  }, []);
  return part;
}
