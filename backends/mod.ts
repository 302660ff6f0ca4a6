/**
 * Which engine computes: WebGPU on a hardware GPU, otherwise WebAssembly with as many threads as there are
 * cores, otherwise fewer, otherwise plain JavaScript.
 *
 * @module
 */

/** The name of a backend. */
export type BackendName = "webgpu" | "wasm" | "cpu";

/** Options of {@linkcode selectBackend}. */
export interface SelectBackendOptions {
  /**
   * A backend by name, or the best there is.
   * @default {"auto"}
   */
  readonly backend?: "auto" | BackendName;
  /**
   * Threads for WebAssembly.
   * @default {navigator.hardwareConcurrency}
   */
  readonly threads?: number;
}

/** What was tried and passed over, and why. */
export interface SkippedBackend {
  /** The backend, such as `"webgpu"`, or a variant of it, such as `"wasm threads"`. */
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
  /** The GPU, as its driver names it. */
  readonly adapter: string | null;
  /** Whether the GPU is emulated on the CPU. */
  readonly software: boolean;
  /** What was tried before. */
  readonly skipped: readonly SkippedBackend[];
}
