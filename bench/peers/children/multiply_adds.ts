/**
 * So many multiply-adds of 128 bits in a loop, on all threads at once: `multiply_adds.ts COUNT THREADS`.
 *
 * @module
 */
import { answer } from "./answer.ts";

/** Twelve sums that do not need each other: as many as hide how long one takes. */
const sums = Array.from({ length: 12 }, (_, index) => `s${index}`);
const source = `
  export function multiplyAdd(count: i32): f32 {
    const a = f32x4.splat(0.999), b = f32x4.splat(0.001);
    ${sums.map((name, index) => `let ${name} = f32x4.splat(${index});`).join("\n")}
    for (let index = 0; index < count; index++) {
      ${sums.map((name) => `${name} = f32x4.relaxed_madd(${name}, a, b);`).join("\n")}
    }
    return f32x4.extract_lane(${sums.reduce((sum, name) => `f32x4.add(${sum}, ${name})`)}, 0);
  }`;

/** Multiply-adds of one turn of the loop. */
const perTurn = 4 * sums.length;

/** The compiler of the kernels' language, which is asked for when it is needed. */
const compiler = "npm:assemblyscript@0.28.20/asc";

interface Compiler {
  compileString(
    source: string,
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly error: Error | null; readonly binary: Uint8Array<ArrayBuffer> | null }>;
}

async function compile(): Promise<WebAssembly.Module> {
  const { compileString }: Compiler = await import(compiler);
  const { binary, error } = await compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    enable: ["simd", "relaxed-simd"],
  });
  if (!binary) throw new Error("Cannot compile the loop", { cause: error });
  return await WebAssembly.compile(binary);
}

/** Runs the loop for each number that comes. */
const program = `
  onmessage = async ({ data: module }) => {
    const { exports } = await WebAssembly.instantiate(module, { env: { abort() {} } });
    onmessage = ({ data: count }) => { exports.multiplyAdd(count); postMessage("done"); };
    postMessage("ready");
  };`;

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => worker.onmessage = resolve);
}

const [count, threads] = Deno.args.map(Number) as [number, number];
const module = await compile();
const { exports } = await WebAssembly.instantiate(module, { env: { abort() {} } });
const multiplyAdd = exports.multiplyAdd as (count: number) => number;
const url = `data:text/javascript,${encodeURIComponent(program)}`;
const workers = Array.from({ length: threads - 1 }, () => new Worker(url, { type: "module" }));
await Promise.all(workers.map((worker) => {
  const ready = answerOf(worker);
  worker.postMessage(module);
  return ready;
}));

async function forward(): Promise<void> {
  const turns = Math.round(count / perTurn / threads);
  const others = workers.map((worker) => {
    const done = answerOf(worker);
    worker.postMessage(turns);
    return done;
  });
  multiplyAdd(turns);
  await Promise.all(others);
}

await answer({}, { run: { forward } });
Deno.exit(0); // threads would keep the process
