import { firstState, type State } from "./state.ts";

/** Holds the state, and tells of each change. */
export class Store {
  #state: State = firstState;
  readonly #listeners = new Set<() => void>();

  /** What is now. */
  get state(): State {
    return this.#state;
  }

  /** Change a part of it. */
  set(patch: Partial<State>): void {
    this.#state = { ...this.#state, ...patch };
    for (const listener of this.#listeners) listener();
  }

  /** Be told of changes, until the function that is returned is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
