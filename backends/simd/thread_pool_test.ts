/** Threads of our own: each task is done once, whoever takes it, and what fails leaves the others at work. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { leavingNoTensors } from "../../src/testing/mod.ts";
import { selectBackend } from "../mod.ts";
import { readBuild, shareMemory } from "./load.ts";
import { currentMachine, type Machine, runJob } from "./machine.ts";
import { jobLimits } from "./job_thread.ts";
import { mostTasks, partsOf, type Task, withTasksOf } from "./tasks.ts";

/** What several threads share. */
async function machineOf(threads: number): Promise<{ machine: Machine; memory: () => Float32Array }> {
  const { kernels } = await selectBackend({ backend: "wasm", threads });
  assert(kernels !== null);
  const machine = currentMachine()!;
  assertEquals(machine.threads, threads);
  return { machine, memory: () => new Float32Array(machine.asked.memory!.buffer) };
}

/** A task that doubles one number by one call after the other. */
function doubling(from: number, to: number, times: number): Task {
  return Array.from({ length: times }, () => ({
    kernel: "rectifyBack",
    numbers: [1, 1, from, from, to, 0, Infinity],
  }));
}

Deno.test("a pool does each task of a job, whatever their number", async () => {
  const { machine, memory } = await machineOf(3);
  const counts = [1, 2, 3, 7, jobLimits.tasks, jobLimits.tasks + 1, 3 * jobLimits.tasks];
  for (const [round, count] of [...counts, ...counts].entries()) {
    machine.heap.withScratch(8 * count, (address) => {
      const start = address / 4;
      memory().subarray(start, start + 2 * count).fill(0).forEach((_, index, all) => {
        if (index < count) all[index] = index + round + 1;
      });
      const tasks = Array.from(
        { length: count },
        (_, index): Task => doubling(address + 4 * index, address + 4 * (count + index), 1 + index % 5),
      );
      runJob(machine, { tasks });
      const made = memory().slice(start + count, start + 2 * count);
      assertEquals(made, Float32Array.from(made, (_, index) => index + round + 1), `${count} tasks`);
    });
  }
});

Deno.test("a pool does a task that there is no room for", async () => {
  const { machine, memory } = await machineOf(2);
  machine.heap.withScratch(16, (address) => {
    memory().set([3, 5, 0, 0], address / 4);
    const tasks = [
      doubling(address, address + 8, 2),
      doubling(address + 4, address + 12, Math.ceil(jobLimits.numbers / 7)),
    ];
    runJob(machine, { tasks });
    assertEquals([...memory().slice(address / 4 + 2, address / 4 + 4)], [3, 5]);
  });
});

Deno.test("each thread of a pool has memory of its own", async () => {
  const { machine, memory } = await machineOf(3);
  const ownBytes = 64, rows = 200;
  machine.heap.withScratch(3 * ownBytes + 8 * rows, (own) => {
    const from = own + 3 * ownBytes, to = from + 4 * rows;
    memory().subarray(from / 4, from / 4 + rows).forEach((_, index, all) => all[index] = index + 1);
    const tasks = Array.from({ length: rows }, (_, row): Task => [
      { kernel: "padRows", numbers: [row, row + 1, rows, 4, 4, 4, from, own], own: [7] },
      { kernel: "rectifyBack", numbers: [1, 1, own + 4, own + 4, to + 4 * row, 0, Infinity], own: [2, 3] },
    ]);
    for (let turn = 0; turn < 50; turn++) {
      memory().fill(0, to / 4, to / 4 + rows);
      runJob(machine, { tasks, ownBytes });
      assertEquals(
        memory().slice(to / 4, to / 4 + rows),
        Float32Array.from({ length: rows }, (_, row) => row + 1),
      );
    }
  });
});

Deno.test("a task that fails is told, and the pool goes on", async () => {
  const { machine, memory } = await machineOf(2);
  const outside = 2 ** 32 - 16;
  machine.heap.withScratch(64, (address) => {
    for (let turn = 0; turn < 20; turn++) {
      memory().fill(0, address / 4, address / 4 + 16);
      memory()[address / 4] = 5;
      const fine = (index: number) => doubling(address, address + 4 + 4 * index, 1);
      const failing: Task = [{ kernel: "clear", numbers: [outside, 64] }];
      assertThrows(
        () => runJob(machine, { tasks: [fine(0), failing, fine(1), fine(2)] }),
        WebAssembly.RuntimeError,
      );
      runJob(machine, { tasks: [fine(3), fine(4)] });
      assertEquals([...memory().subarray(address / 4, address / 4 + 6)], [5, 5, 5, 5, 5, 5]);
    }
  });
});

Deno.test("without its threads, and with others, a machine gives the same", async () => {
  const made: string[] = [];
  for (const threads of [2, 1, 3, 2]) {
    await selectBackend({ backend: "wasm", threads });
    await withTasksOf(1, () =>
      leavingNoTensors(() =>
        tf.tidy(() => {
          const x = tf.range(0, 40 * 30 * 8).sin().reshape<tf.Tensor4D>([1, 40, 30, 8]);
          const filter = x.slice([0, 0, 0, 0], [1, 3, 3, 8]).reshape<tf.Tensor4D>([3, 3, 8, 1]);
          const y = tf.conv2d(x, filter, 1, "same");
          made.push(new Int32Array((y.dataSync() as Float32Array).slice().buffer).join());
        })
      ));
  }
  assertEquals(new Set(made).size, 1);
});

Deno.test("threads leave no memory behind", async () => {
  const { machine } = await machineOf(2);
  const { memory } = machine.asked;
  const x = tf.ones<tf.Rank.R4>([1, 33, 31, 64]), filter = tf.ones<tf.Rank.R4>([3, 3, 64, 64]);
  const depthwise = tf.ones<tf.Rank.R4>([5, 5, 64, 1]);
  const use = () =>
    tf.tidy(() => {
      const y = tf.conv2d(
        tf.depthwiseConv2d(tf.conv2d(x, filter, 1, "same"), depthwise, 2, "same"),
        filter,
        2,
        "same",
      );
      return y.flatten().expandDims<tf.Tensor2D>(0).matMul(tf.ones([y.size, 3])).dataSync()[0]!;
    });
  await withTasksOf(1, () =>
    leavingNoTensors(() => {
      const first = use(), { byteLength } = memory!.buffer;
      for (let turn = 0; turn < 300; turn++) assertEquals(use(), first);
      assertEquals(memory!.buffer.byteLength, byteLength);
    }));
  tf.dispose([x, filter, depthwise]);
});

Deno.test("many threads are started one after the other, when there is much to do", async () => {
  const { machine, memory } = await machineOf(11);
  assertEquals(machine.pool!.threads, 8);
  machine.heap.withScratch(256, (address) => {
    const tasks = Array.from({ length: 32 }, (_, index) => doubling(address, address + 4 + 4 * index, 1));
    for (let turn = 1; turn <= 1000; turn++) {
      memory()[address / 4] = turn;
      runJob(machine, { tasks });
      assertEquals(memory().slice(address / 4 + 1, address / 4 + 33), new Float32Array(32).fill(turn));
    }
  });
  assertEquals(machine.pool!.threads, 11);
});

Deno.test("threads end with their backend", async () => {
  const { machine } = await machineOf(3);
  assertEquals(machine.pool!.threads, 3);
  tf.removeBackend("wasm");
  assertEquals(machine.pool!.threads, 1);
  const { machine: next } = await machineOf(3);
  assertEquals(next.pool!.threads, 3);
});

Deno.test("memory that has grown is there for all threads", async () => {
  const { machine } = await machineOf(3);
  const { memory } = machine.asked;
  for (let turn = 0; turn < 20; turn++) {
    const [grown] = [memory!.grow(1)]; // in pages
    const from = grown * 2 ** 16, parts = 16, bytes = 2 ** 16 / parts / 2;
    new Float32Array(memory!.buffer, from, 2 ** 14).fill(turn + 1, 0, 2 ** 13);
    const tasks = Array.from({ length: parts }, (_, part): Task => [{
      kernel: "padRows",
      numbers: [0, 1, 1, bytes, 0, 0, from + part * bytes, from + 2 ** 15 + part * bytes],
    }]);
    runJob(machine, { tasks });
    assert(new Float32Array(memory!.buffer, from, 2 ** 14).every((value) => value === turn + 1));
  }
});

Deno.test("a build for shared memory differs in one bit", async () => {
  for (const build of ["relaxed", "plain"] as const) {
    const binary = await readBuild(build), shared = shareMemory(binary);
    const differing = [...binary.keys()].filter((at) => binary[at] !== shared[at]);
    assertEquals(differing.map((at) => [binary[at], shared[at]]), [[1, 3]]);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const alone = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    await WebAssembly.instantiate(shared, { env: { memory } });
    await WebAssembly.instantiate(binary, { env: { memory: alone } });
    for (const [code, wrong] of [[shared, alone], [binary, memory]] as const) {
      assertThrows(
        () => new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory: wrong } }),
        WebAssembly.LinkError,
      );
    }
    assertThrows(() => shareMemory(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), Error, "no memory");
  }
});

Deno.test("partsOf() and mostTasks() divide what is worth it", () => {
  assertEquals(partsOf(10, 3), [[0, 3], [3, 6], [6, 10]]);
  assertEquals(partsOf(2, 8), [[0, 1], [1, 2]]);
  assertEquals(partsOf(37, 2, 16), [[0, 16], [16, 37]]);
  assertEquals(partsOf(5, 1), [[0, 5]]);
  assertEquals(partsOf(0, 4), [[0, 0]]);
  assertEquals([mostTasks(1, 1e12), mostTasks(2, 100), mostTasks(2, 1e12)], [1, 1, 8]);
});
