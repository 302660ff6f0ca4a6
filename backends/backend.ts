/**
 * What a backend must offer, and what is told of one.
 *
 * @module
 */
import { numberRule, type OptionRules, textRule } from "../src/base/options.ts";

/** The name of a backend. */
export type BackendName = "webgpu" | "wasm" | "cpu";

/** Options of `selectBackend()`. */
export interface SelectBackendOptions {
  /**
   * A backend by name, or the best there is.
   * @default {"auto"}
   */
  readonly backend?: "auto" | BackendName;
  /**
   * Threads for WebAssembly, from 1 to 256, the one that calls included.
   * @default {navigator.hardwareConcurrency}
   */
  readonly threads?: number;
}

/** What each of them can be. */
export const backendRules: OptionRules<SelectBackendOptions> = {
  backend: textRule('"auto", "webgpu", "wasm" or "cpu"'),
  threads: numberRule("a number of threads"),
};

/** What was tried and passed over, and why. */
export interface SkippedBackend {
  /** The backend, such as `"webgpu"`, or a variant of it, such as `"wasm, 4 threads"`. */
  readonly name: string;
  /** Why it was passed over, in one line. */
  readonly reason: string;
}

/** The backend in use. */
export interface BackendInfo {
  /** Its name. */
  readonly name: BackendName;
  /** Threads that compute; 1 where that has no meaning. */
  readonly threads: number;
  /** Whether WebAssembly's 128-bit vectors are in use. */
  readonly simd: boolean;
  /**
   * What this package's own kernels are built for, `"relaxed"` or `"plain"` SIMD; `null` where those of TensorFlow.js
   * compute everything.
   */
  readonly kernels: "relaxed" | "plain" | null;
  /** The GPU, as its driver names it. */
  readonly adapter: string | null;
  /** Whether the GPU is emulated on the CPU. */
  readonly software: boolean;
  /** What was tried before. */
  readonly skipped: readonly SkippedBackend[];
  /** What the user should know of it, such as that it is slow. */
  readonly warnings: readonly string[];
}

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
export type StartedBackend = Omit<BackendInfo, "name" | "skipped" | "warnings"> & {
  readonly skipped?: readonly SkippedBackend[];
};

/** Thrown by a backend that this machine does not have; the message is the reason, without a capital. */
export class CannotStart extends Error {
  override name = "CannotStart";
}
