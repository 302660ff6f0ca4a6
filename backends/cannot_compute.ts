import * as tf from "../src/base/tfjs.ts";
import { ComputeError } from "../src/base/errors.ts";
import { sentenceOf } from "../src/base/sentence.ts";
import type { BackendName } from "./backend.ts";
import { registerKernels } from "./kernels/mod.ts";

/** The backends that one may be sent to, the faster first: they compute at once, and can be read without waiting. */
const others: readonly BackendName[] = ["wasm", "cpu"];

/** Whether a backend has been started, or needs no time for it. */
function isReady(name: BackendName): boolean {
  const { registry } = tf.engine() as unknown as { readonly registry: Readonly<Record<string, unknown>> };
  return name === "cpu" || registry[name] !== undefined;
}

/** Whether a backend can do some work, found out by having it do it. Nothing else runs meanwhile: it never waits. */
function canDo(name: BackendName, work: () => unknown): boolean {
  const { backendName: before } = tf.engine();
  try {
    void tf.setBackend(name); // at once, where it needs no time to start
    registerKernels(name);
    tf.tidy(() => void work());
    return true;
  } catch {
    return false;
  } finally {
    void tf.setBackend(before);
  }
}

/** Whether a backend has the kernel that an error says another lacks. */
function hasMissingKernel(name: BackendName, error: Error): boolean {
  const [, kernel] = /^Kernel '(\w+)' not registered for backend/.exec(error.message) ?? [];
  return kernel !== undefined && tf.getKernel(kernel, name) !== undefined;
}

/** What an error of {@linkcode compute} says besides what could not be run, and where. */
export function reasonIn(message: string): string {
  return message.replace(/^Cannot run .+? on (webgpu|wasm|cpu): /, "");
}

/** Whether an error of {@linkcode compute} names a backend that can. */
export function namesBackend(message: string): boolean {
  return /: try backend \w+ \(/.test(message);
}

/** What is being done. */
export interface Work<Result> {
  /** What it is called in an error: a name in quotes, or what it is. */
  readonly name: string;
  /** What is done whenever it is done, where there is such a thing: what is found out of it is remembered. */
  readonly of?: object;
  /** Do it; it may be done again on another backend. */
  run(): Result;
}

/** What was found out of an error: who can do the work instead. */
interface Finding {
  readonly about: string;
  readonly able: BackendName | undefined;
}

/** What was found out of what is done time and again, as by a server. */
const findings = new WeakMap<object, Finding>();

/** A backend that can do what the one in use cannot. */
function findAble({ of, run }: Work<unknown>, error: Error): BackendName | undefined {
  const { backendName: backend } = tf.engine();
  const about = `${backend}: ${error.message}`;
  const known = of && findings.get(of);
  if (known?.about === about) return known.able;
  const able = others.find((other) =>
    other !== backend && isReady(other) && (canDo(other, run) || hasMissingKernel(other, error))
  );
  if (of) findings.set(of, { about, able });
  return able;
}

/**
 * Do some work. Where the backend in use cannot, the error says so, and names one that can.
 *
 * @throws {ComputeError} If TensorFlow.js refuses it; all else is thrown as it is.
 */
export function compute<Result>(work: Work<Result>): Result {
  try {
    return work.run();
  } catch (error) {
    const isRefused = error instanceof Error && Object.getPrototypeOf(error) === Error.prototype;
    if (!isRefused) throw error; // a mistake, or one of our own
    const able = findAble(work, error);
    const advice = able === undefined ? "" : `: try backend ${able} (option "backend", --backend ${able})`;
    throw new ComputeError(`Cannot run ${work.name} on ${tf.getBackend()}: ${sentenceOf(error)}${advice}`, {
      cause: error,
    });
  }
}
