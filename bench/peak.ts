/**
 * What a core can do at most with 128 bits: multiply-adds that do not wait for each other, in a loop that takes nothing from
 * memory.
 *
 * @module
 */
import { compileAssembly } from "../tools/build_kernels.ts";

/** So many sums, more than a core needs to have at once, each of four numbers. */
const sums = Array.from({ length: 12 }, (_, index) => `s${index}`);

/** The factors are told, since V8 makes constants of vectors anew each time. */
const source = `
export function multiplyAdds(turns: i32, a: f32, b: f32): f32 {
  const x = f32x4.splat(a), y = f32x4.splat(b);
  ${sums.map((sum) => `let ${sum} = x;`).join(" ")}
  for (let turn = 0; turn < turns; turn++) {
    ${sums.map((sum) => `${sum} = f32x4.relaxed_madd(x, y, ${sum});`).join("\n    ")}
  }
  return f32x4.extract_lane(${sums.reduce((all, sum) => `f32x4.add(${all}, ${sum})`)}, 0);
}
`;

/** Multiply-adds of one turn of the loop. */
export const multiplyAddsPerTurn: number = 4 * sums.length;

/** The loop as a module; `undefined` where there is no compiler or no relaxed SIMD. */
export async function compileMultiplyAdds(): Promise<WebAssembly.Module | undefined> {
  const compiled = await compileAssembly("relaxed", (name) => name === "index.ts" ? source : null);
  if ("reason" in compiled) return undefined;
  const binary = new Uint8Array(compiled.binary);
  return WebAssembly.validate(binary) ? await WebAssembly.compile(binary) : undefined;
}

/** The loop, ready to run for so many turns; it imports a memory that it does not use. */
export async function startMultiplyAdds(module: WebAssembly.Module): Promise<(turns: number) => void> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const multiplyAdds = exports.multiplyAdds as (turns: number, a: number, b: number) => number;
  return (turns) => void multiplyAdds(turns, 0.5, 0.001);
}

/** So many turns are one measurement, some 100 µs, of which the best of so many counts. */
const turns = 50_000;
const measurements = 1_000;

/**
 * The most GFLOP/s on one thread, a multiplication and an addition being two.
 *
 * @returns `undefined` where there is no compiler or no relaxed SIMD.
 */
export async function measurePeak(): Promise<number | undefined> {
  const module = await compileMultiplyAdds();
  if (!module) return undefined;
  const multiplyAdds = await startMultiplyAdds(module);
  let best = Infinity;
  for (let index = 0; index < measurements; index++) {
    const start = performance.now();
    multiplyAdds(turns);
    best = Math.min(best, performance.now() - start);
  }
  return 2 * multiplyAddsPerTurn * turns / best / 1e6;
}
