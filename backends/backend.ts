import type { BackendInfo, BackendName, SelectBackendOptions, SkippedBackend } from "./mod.ts";

/** A backend that may be had on this machine. */
export interface Backend {
  /** Its name, as TensorFlow.js has it. */
  readonly name: BackendName;
  /**
   * Start it and make it TensorFlow.js's current backend.
   *
   * @throws {CannotStart} If this machine does not have it.
   */
  start(request: StartRequest): Promise<StartedBackend>;
  /** What it tells of itself while it is TensorFlow.js's current backend, whoever started it. */
  inspect(): Promise<StartedBackend>;
}

/** How a backend is asked for. */
export interface StartRequest extends Pick<SelectBackendOptions, "threads"> {
  /** Whether it was asked for by name; if not, it is taken only if it is sure to be worth it. */
  readonly byName: boolean;
}

/** What a backend tells of itself, and the better variants of it that could not be had. */
export type StartedBackend = Omit<BackendInfo, "name" | "skipped"> & {
  readonly skipped?: readonly SkippedBackend[];
};

/** Thrown by a backend that this machine does not have; the message is the reason, without a capital. */
export class CannotStart extends Error {
  override name = "CannotStart";
}
