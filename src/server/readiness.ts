import type { Engine } from "./engine/mod.ts";

/** How far a service is with opening its models. */
export type ReadinessState = "idle" | "opening" | "ready" | "failed";

/** Has the models opened and tried, once for all who ask; what failed is tried again by the next who asks. */
export class Readiness {
  readonly #engine: Pick<Engine, "ready">;
  #opening: Promise<void> | undefined;
  #state: ReadinessState = "idle";

  /** @param engine What opens them. */
  constructor(engine: Pick<Engine, "ready">) {
    this.#engine = engine;
  }

  /** How far it is. */
  get state(): ReadinessState {
    return this.#state;
  }

  /**
   * Open the models and see that one photo can be explained, or wait until that is done.
   *
   * @throws What opening throws.
   */
  async begin(): Promise<void> {
    this.#opening ??= this.#open();
    try {
      await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #open(): Promise<void> {
    this.#state = "opening";
    try {
      await this.#engine.ready();
      this.#state = "ready";
    } catch (error) {
      this.#state = "failed";
      throw error;
    }
  }
}
