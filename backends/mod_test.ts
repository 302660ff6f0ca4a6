import * as tf from "@tensorflow/tfjs";
import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { BackendError } from "../src/base/errors.ts";
import { leavingNoTensors, runOverHttp, withCheckoutOverHttp } from "../src/testing/mod.ts";
import { currentBackend, ensureBackend, selectBackend, type SelectBackendOptions } from "./mod.ts";
import { runSelfTest } from "./self_check.ts";
import { withWrongKernel } from "./testing.ts";

const root = new URL("../", import.meta.url);

/** What Mesa's drivers print where there is no desktop. */
const driverNoise = /^error: XDG_RUNTIME_DIR is invalid or not set in the environment\.\n/gm;

Deno.test("selectBackend() starts what is asked for", async (t) => {
  const cases: readonly (readonly [SelectBackendOptions, string, number])[] = [
    [{ backend: "wasm", threads: 2 }, "wasm", 2],
    [{ backend: "wasm", threads: 1 }, "wasm", 1],
    [{ backend: "wasm" }, "wasm", navigator.hardwareConcurrency],
    [{ backend: "cpu" }, "cpu", 1],
    [{ backend: "wasm", threads: 3 }, "wasm", 3],
  ];
  for (const [options, name, threads] of cases) {
    await t.step(JSON.stringify(options), () =>
      leavingNoTensors(async () => {
        const info = await selectBackend(options);
        assertEquals([info.name, info.threads], [name, threads]);
        if (options.threads) assertEquals(info.skipped, []);
        assert(Object.isFrozen(info));
        assertEquals([info.simd, info.software, info.adapter], [name === "wasm", false, null]);
        assertEquals(info.kernels !== null, name === "wasm");
        assertEquals(tf.getBackend(), name);
        assertStrictEquals(currentBackend(), info);
        assertStrictEquals(await selectBackend(options), info);
        for (const { name, ok } of await runSelfTest()) assert(ok, name);
      }));
  }
});

Deno.test("selectBackend() takes no emulated GPU by itself, and says why", async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  const info = await selectBackend();
  if (adapter && !adapter.info.isFallbackAdapter) return; // a real one
  assertEquals([info.name, info.skipped.map(({ name }) => name)], ["wasm", ["webgpu"]]);
  assert(/emulated on the CPU|no GPU|no WebGPU/.test(info.skipped[0]!.reason), info.skipped[0]!.reason);
});

Deno.test("selectBackend() looks for no GPU where the kernel has none", async () => {
  if (Deno.build.os !== "linux") return;
  const { statSync } = Deno;
  const { requestAdapter } = navigator.gpu;
  let requests = 0;
  navigator.gpu.requestAdapter = (...options) => {
    requests++;
    return requestAdapter.apply(navigator.gpu, options);
  };
  Deno.statSync = (path) => {
    throw new Deno.errors.NotFound(String(path));
  };
  try {
    await selectBackend({ backend: "cpu" });
    const { name, skipped } = await selectBackend();
    assertEquals([name, skipped[0], requests], [
      "wasm",
      { name: "webgpu", reason: "this machine has no GPU" },
      0,
    ]);
  } finally {
    Deno.statSync = statSync;
    navigator.gpu.requestAdapter = requestAdapter;
    await selectBackend({ backend: "cpu" });
  }
});

Deno.test("selectBackend() starts WebGPU on an emulated GPU when it is asked for by name", async (t) => {
  if (!await hasGpu(t)) {
    await assertRejects(
      () => selectBackend({ backend: "webgpu" }),
      BackendError,
      'Cannot use backend "webgpu": there is no GPU that this platform can use',
    );
    return;
  }
  const adapter = (await navigator.gpu.requestAdapter())!;
  const info = await selectBackend({ backend: "webgpu" });
  assertEquals([info.name, info.software], ["webgpu", adapter.info.isFallbackAdapter]);
  assert(info.adapter);
});

/** Whether there is a GPU, emulated or not; a step that says so if there is none. */
async function hasGpu(t: Deno.TestContext): Promise<boolean> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) await t.step({ name: "skipped: this machine has no GPU", ignore: true, fn: () => {} });
  return adapter !== null && adapter !== undefined;
}

Deno.test("selectBackend() takes a hardware GPU by itself if its gradients are right", async (t) => {
  if (!await hasGpu(t)) return;
  const emulated = Object.getOwnPropertyDescriptor(GPUAdapterInfo.prototype, "isFallbackAdapter")!;
  Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", {
    get: () => false,
    configurable: true,
  });
  const { statSync } = Deno;
  Deno.statSync = () => statSync("."); // as if the kernel had the GPU's files
  try {
    const right = await selectBackend();
    assertEquals([right.name, right.software, right.skipped], ["webgpu", false, []]);
    await selectBackend({ backend: "cpu" });
    await withWrongKernel("AvgPoolGrad", "webgpu", async () => {
      const other = await selectBackend();
      assertEquals([other.name, tf.getBackend(), other.skipped.length], ["wasm", "wasm", 1]);
      assertMatch(other.skipped[0]!.reason, /computes wrongly: gradient of a small network$/);
      await assertRejects(() => selectBackend({ backend: "webgpu" }), BackendError, "computes wrongly");
      assertEquals([tf.getBackend(), currentBackend()], ["wasm", other]);
    });
  } finally {
    Deno.statSync = statSync;
    Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", emulated);
    await selectBackend({ backend: "cpu" });
  }
});

Deno.test("selectBackend() refuses what makes no sense", async (t) => {
  const cases: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ backend: "webgl" }, 'Unknown backend "webgl": use one of auto, webgpu, wasm, cpu'],
    [{ threads: 0 }, "Cannot use 0 threads: use 1 to 256"],
    [{ threads: 1.5 }, "Cannot use 1.5 threads: use 1 to 256"],
    [{ threads: 1000 }, "Cannot use 1000 threads: use 1 to 256"],
  ];
  const before = currentBackend();
  for (const [options, message] of cases) {
    await t.step(JSON.stringify(options), async () => {
      await assertRejects(() => selectBackend(options), RangeError, message);
      assertStrictEquals(currentBackend(), before);
    });
  }
});

Deno.test("selectBackend() moves tensors to the backend in use", async () => {
  await leavingNoTensors(async () => {
    await selectBackend({ backend: "wasm", threads: 2 });
    const x = tf.tensor1d([1, 2, 3]);
    for (const options of [{ threads: 1 }, { backend: "cpu" }, { threads: 2 }] as SelectBackendOptions[]) {
      await selectBackend({ backend: "wasm", ...options });
      const doubled = tf.tidy(() => x.mul(2));
      assertEquals([...await doubled.data()], [2, 4, 6]);
      doubled.dispose();
    }
    x.dispose();
  });
});

Deno.test("selectBackend() starts as many threads as it is told", async () => {
  const info = await selectBackend({ backend: "wasm", threads: 12 });
  assertEquals([info.threads, info.skipped], [12, []]);
  for (const { name, ok } of await runSelfTest()) assert(ok, name);
});

Deno.test("selectBackend() starts anew what was removed by TensorFlow.js's own means", async () => {
  for (const threads of [1, 2]) {
    const before = await selectBackend({ backend: "wasm", threads });
    tf.removeBackend("wasm");
    const after = await selectBackend({ backend: "wasm", threads });
    assertEquals(after, before);
    for (const { name, ok } of await runSelfTest()) assert(ok, name);
  }
});

Deno.test("selectBackend() serves calls at once one after the other", async () => {
  const infos = await Promise.all([
    selectBackend({ backend: "wasm", threads: 2 }),
    selectBackend({ backend: "cpu" }),
    selectBackend({ backend: "wasm", threads: 2 }),
  ]);
  assertEquals(infos.map(({ name }) => name), ["wasm", "cpu", "wasm"]);
  assertEquals(tf.getBackend(), "wasm");
});

Deno.test("ensureBackend() keeps what was chosen before", async () => {
  const chosen = await selectBackend({ backend: "cpu" });
  assertStrictEquals(await ensureBackend(), chosen);
  assertEquals((await ensureBackend({ backend: "wasm" })).name, "wasm");
  await tf.setBackend("cpu"); // by TensorFlow.js's own means
  const kept = await ensureBackend();
  const reason = 'TensorFlow.js was running on "cpu" already';
  assertEquals([kept.name, kept.skipped], ["cpu", ["webgpu", "wasm"].map((name) => ({ name, reason }))]);
  assertEquals(kept.warnings.length, 1);
  assertStringIncludes(kept.warnings[0]!, "in plain JavaScript");
  assertEquals((await ensureBackend({ backend: "cpu" })).warnings, []); // asked for
  await tf.setBackend("wasm");
  assertEquals((await ensureBackend()).warnings, []);
  await tf.setBackend("cpu");
  assertEquals((await ensureBackend()).warnings, kept.warnings);
});

/** Run Deno on a script. */
async function run(args: readonly string[], cwd: URL | string = root) {
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr), ms: performance.now() - started };
}

/** A script that computes on threads and says what it got. */
const script = (module: string) => `
  import * as tf from "@tensorflow/tfjs";
  import { selectBackend } from ${JSON.stringify(module)};
  const { name, threads } = await selectBackend({ threads: 2 });
  const y = tf.conv2d(tf.ones([1, 5, 4, 2]), tf.ones([3, 3, 2, 1]), 1, "valid");
  console.log(name, threads, [...await y.data()].join(" "));
`;
const answer = "wasm 2 18 18 18 18 18 18\n";

/** What hides from the script how Deno's own workers let the process exit, as if there were no such way. */
const withoutCounter = `
  for (const symbol of Object.getOwnPropertySymbols(Worker.prototype)) delete Worker.prototype[symbol];
`;

Deno.test("selectBackend() needs no permission, prints nothing, and lets the process exit", async (t) => {
  for (const [name, prelude] of [["Deno's own workers", ""], ["Node's workers", withoutCounter]] as const) {
    await t.step(name, async () => {
      const folder = await Deno.makeTempDir();
      try {
        const file = `${folder}/script.ts`;
        await Deno.writeTextFile(`${folder}/prelude.ts`, prelude);
        const imported = `import "./prelude.ts";\n${script(new URL("backends/mod.ts", root).href)}`;
        await Deno.writeTextFile(file, imported);
        const { code, stdout, stderr, ms } = await run([
          "run",
          "--no-prompt",
          "--quiet",
          "--no-check",
          "--config=deno.json",
          file,
        ]);
        assertEquals(stderr.replace(driverNoise, ""), "");
        assertEquals([code, stdout], [0, answer]);
        assertLess(ms, 5_000);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
});

/** A script that computes with more and fewer threads, and prints how many workers there are each time. */
const countingScript = `
  import * as tf from "@tensorflow/tfjs";
  import { selectBackend } from ${JSON.stringify(new URL("backends/mod.ts", root).href)};
  function countWorkers() {
    return Array.from(Deno.readDirSync("/proc/self/task"), ({ name }) => {
      try {
        return Deno.readTextFileSync("/proc/self/task/" + name + "/comm");
      } catch {
        return ""; // it ended while we looked
      }
    }).filter((name) => name.startsWith("worker-")).length;
  }
  for (const threads of [4, 2, 1, 3, 1]) {
    await selectBackend({ backend: "wasm", threads });
    const y = tf.conv2d(tf.ones([1, 40, 30, 8]), tf.ones([3, 3, 8, 4]), 1, "same");
    const value = (await y.data())[31 * 4];
    const deadline = performance.now() + 5_000;
    while (countWorkers() !== threads - 1 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    console.log(threads, countWorkers(), value);
  }
`;

Deno.test("selectBackend() ends the workers of before", async (t) => {
  if (Deno.build.os !== "linux") {
    await t.step({ name: "skipped: only Linux lists threads", ignore: true, fn: () => {} });
    return;
  }
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/script.ts`;
    await Deno.writeTextFile(file, countingScript);
    const { code, stdout } = await run(["run", "--quiet", "--allow-all", "--config=deno.json", file]);
    assertEquals([code, stdout], [0, "4 3 72\n2 1 72\n1 0 72\n3 2 72\n1 0 72\n"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("selectBackend() works when the module is loaded over http", async () => {
  await withCheckoutOverHttp(async (origin) => {
    const { code, stdout, stderr } = await runOverHttp(origin, script(`${origin}backends/mod.ts`));
    assertEquals(stderr.replace(driverNoise, ""), "");
    assertEquals([code, stdout], [0, answer]);
  });
});
