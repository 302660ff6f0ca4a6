/**
 * A stand-in for `jsr:@std/assert` where JSR cannot be reached: the same signatures, over `node:assert`, for
 * just what the tests here use. It is linked in deno.json, never published, and users never meet it.
 *
 * @module
 */
import nodeAssert from "node:assert/strict";

/** What a failed assertion throws. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

// deno-lint-ignore no-explicit-any -- the signature of @std/assert: any class, abstract or not
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

function describe(value: unknown): string {
  return Deno.inspect(value, { depth: 6 });
}

export function fail(msg = "Failed"): never {
  throw new AssertionError(msg);
}

export function assert(expr: unknown, msg = "Expected a truthy value"): asserts expr {
  if (!expr) fail(msg);
}

export function assertFalse(expr: unknown, msg = "Expected a falsy value"): asserts expr is false {
  if (expr) fail(msg);
}

export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) fail(msg ?? `Expected a value, got ${actual}`);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    nodeAssert.deepStrictEqual(actual, expected);
  } catch (error) {
    fail(`${msg ? `${msg}: ` : ""}${(error as Error).message}`);
  }
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  try {
    nodeAssert.notDeepStrictEqual(actual, expected);
  } catch {
    fail(`${msg ? `${msg}: ` : ""}Expected values to differ from ${describe(expected)}`);
  }
}

export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (!Object.is(actual, expected)) {
    fail(`${msg ? `${msg}: ` : ""}Expected ${describe(actual)} to be ${describe(expected)}`);
  }
}

export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = Math.abs(expected) * 1e-7 || 1e-7,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const difference = Math.abs(actual - expected);
  if (difference <= tolerance) return;
  fail(`${msg ? `${msg}: ` : ""}Expected ${actual} to be ${expected} to within ${tolerance}`);
}

export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual > expected)) fail(msg ?? `Expected ${describe(actual)} > ${describe(expected)}`);
}

export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual >= expected)) fail(msg ?? `Expected ${describe(actual)} >= ${describe(expected)}`);
}

export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual < expected)) fail(msg ?? `Expected ${describe(actual)} < ${describe(expected)}`);
}

export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (!(actual <= expected)) fail(msg ?? `Expected ${describe(actual)} <= ${describe(expected)}`);
}

export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (!actual.includes(expected)) {
    fail(`${msg ? `${msg}: ` : ""}Expected ${describe(actual)} to contain ${describe(expected)}`);
  }
}

export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) {
    fail(`${msg ? `${msg}: ` : ""}Expected ${describe(actual)} to match ${expected}`);
  }
}

// deno-lint-ignore no-explicit-any -- the signature of @std/assert: any class, abstract or not
export function assertInstanceOf<T extends abstract new (...args: any[]) => any>(
  actual: unknown,
  expectedType: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (!(actual instanceof expectedType)) {
    fail(msg ?? `Expected ${describe(actual)} to be an instance of ${expectedType.name}`);
  }
}

function checkError<E extends Error>(error: unknown, type?: ErrorClass<E>, msgIncludes?: string): E {
  if (type && !(error instanceof type)) fail(`Expected a ${type.name}, got ${describe(error)}`);
  if (!(error instanceof Error)) fail(`Expected an Error, got ${describe(error)}`);
  if (msgIncludes !== undefined) assertStringIncludes(error.message, msgIncludes);
  return error as E;
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): E {
  let thrown: unknown;
  try {
    fn();
  } catch (error) {
    thrown = error ?? "nothing";
  }
  if (thrown === undefined) fail("Expected the function to throw");
  return checkError(thrown, ErrorClass, msgIncludes);
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: ErrorClass<E>,
  msgIncludes?: string,
): Promise<E> {
  let thrown: unknown;
  try {
    await fn();
  } catch (error) {
    thrown = error ?? "nothing";
  }
  if (thrown === undefined) fail("Expected the promise to be rejected");
  return checkError(thrown, ErrorClass, msgIncludes);
}
