/**
 * So many multiply-adds of 128 bits in a loop, on all threads at once: `multiply_adds.ts COUNT THREADS`.
 *
 * @module
 */
import { compileMultiplyAdds, multiplyAddsPerTurn, startMultiplyAdds } from "../../peak.ts";
import { answer } from "./answer.ts";

/** Runs the loop for each number that comes. */
const program = `
  import { startMultiplyAdds } from ${JSON.stringify(new URL("../../peak.ts", import.meta.url).href)};
  onmessage = async ({ data: module }) => {
    const multiplyAdds = await startMultiplyAdds(module);
    onmessage = ({ data: turns }) => { multiplyAdds(turns); postMessage("done"); };
    postMessage("ready");
  };`;

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => worker.onmessage = resolve);
}

const [count, threads] = Deno.args.map(Number) as [number, number];
const module = await compileMultiplyAdds();
if (!module) throw new Error("Cannot compile the loop: there is no compiler, or no relaxed SIMD");
const multiplyAdds = await startMultiplyAdds(module);
const url = `data:text/javascript,${encodeURIComponent(program)}`;
const workers = Array.from({ length: threads - 1 }, () => new Worker(url, { type: "module" }));
await Promise.all(workers.map((worker) => {
  const ready = answerOf(worker);
  worker.postMessage(module);
  return ready;
}));

async function forward(): Promise<void> {
  const turns = Math.round(count / multiplyAddsPerTurn / threads);
  const others = workers.map((worker) => {
    const done = answerOf(worker);
    worker.postMessage(turns);
    return done;
  });
  multiplyAdds(turns);
  await Promise.all(others);
}

await answer({}, { run: { forward } });
Deno.exit(0); // threads would keep the process
