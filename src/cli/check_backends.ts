import type { BackendInfo, BackendName, SelectBackendOptions } from "../../backends/mod.ts";
import type { SelfTestResult } from "../../backends/self_check.ts";
import { describeError } from "./describe_error.ts";

/** How one backend did. */
export interface BackendCheck {
  /** How it was asked for. */
  readonly asked: "auto" | BackendName;
  /** The backend that started; `undefined` if none did. */
  readonly backend?: BackendInfo;
  /** How long it took to start, in milliseconds. */
  readonly startMs?: number;
  /** What it computed, compared with plain JavaScript. */
  readonly selfTest?: readonly SelfTestResult[];
  /** Why it did not start, or why its test could not run. */
  readonly reason?: string;
}

/** The reason why a backend cannot be had, without the sentence around it. */
function reasonOf(error: unknown): string {
  const isWrapped = error instanceof Error && error.cause instanceof Error;
  return describeError(isWrapped ? new RangeError((error.cause as Error).message) : error);
}

/** Start a backend, and let it compute something. */
async function check(asked: "auto" | BackendName, threads: number | undefined): Promise<BackendCheck> {
  const [{ selectBackend }, { runSelfTest }] = await Promise.all([
    import("../../backends/mod.ts"),
    import("../../backends/self_check.ts"),
  ]);
  const options: SelectBackendOptions = { backend: asked, ...(threads !== undefined && { threads }) };
  const start = performance.now();
  let backend: BackendInfo;
  try {
    backend = await selectBackend(options);
  } catch (error) {
    return { asked, reason: reasonOf(error) };
  }
  const startMs = performance.now() - start;
  try {
    return { asked, backend, startMs, selfTest: await runSelfTest() };
  } catch (error) {
    return { asked, backend, startMs, reason: reasonOf(error) };
  }
}

/** Whether a backend started and computes rightly. */
export function isSound({ backend, selfTest }: BackendCheck): boolean {
  return backend !== undefined && selfTest !== undefined && selfTest.every(({ ok }) => ok);
}

/**
 * Try each backend by its name, and last what is taken when none is named, which stays in use.
 *
 * @param threads Threads for WebAssembly; as many as there are cores if left out.
 */
export async function checkBackends(threads?: number): Promise<BackendCheck[]> {
  const { backendNames } = await import("../../backends/mod.ts");
  const checks: BackendCheck[] = [];
  for (const asked of [...backendNames, "auto"] as const) checks.push(await check(asked, threads));
  return checks;
}
