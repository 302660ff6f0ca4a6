import { assert, assertEquals, assertMatch } from "@std/assert";
import { backendNames, selectBackend } from "../../backends/mod.ts";
import { leavingNoTensors } from "../testing/mod.ts";
import { version } from "../base/version.ts";
import { isSound } from "./check_backends.ts";
import { runMain } from "./testing.ts";

Deno.test("doctorCommand prints a table of the backends", async () => {
  const { code, stdout, stderr } = await leavingNoTensors(() => runMain(["doctor"]));
  assertEquals([code, stderr.text], [0, ""]);
  const [facts = "", , heading = "", ...lines] = stdout.lines;
  assertMatch(
    facts,
    new RegExp(`^gradcam ${version} · tfjs [\\d.]+ · deno [\\d.]+ · platform .+ · cores \\d+$`),
  );
  assertMatch(heading, /^BACKEND {2,}STATE {2,}START {2,}WITH {2,}SELF-TEST$/);
  assertEquals(lines.slice(0, 3).map((line) => line.split(" ")[0]), [...backendNames]);
  assertMatch(stdout.text, /\ncpu +works +\d+ ms +plain JavaScript +\d+ computations, off by 0e\+0\n/);
  assertMatch(stdout.text, /\nAuto takes (webgpu|wasm|cpu) \(.+\), which works\n/);
});

Deno.test("doctorCommand prints JSON", async () => {
  const { code, stdout } = await leavingNoTensors(() => runMain(["doctor", "--json", "--threads", "1"]));
  const report = JSON.parse(stdout.text);
  assertEquals([code, report.ok, report.gradcam], [0, true, version]);
  assertEquals(report.backends.map(({ asked }: { asked: string }) => asked), [...backendNames]);
  const wasm = report.backends.find(({ asked }: { asked: string }) => asked === "wasm");
  assertEquals([wasm.backend.threads, wasm.backend.simd], [1, true]);
  assert(wasm.selfTest.length >= 3);
  assertEquals(report.auto.asked, "auto");
  for (const { reason } of report.auto.backend.skipped) assert(reason.length > 0);
});

Deno.test("doctorCommand says what cannot be had", async () => {
  const { gpu } = navigator;
  Object.defineProperty(navigator, "gpu", { value: undefined, configurable: true });
  try {
    await selectBackend({ backend: "cpu" }); // what was selected before is not asked for again
    const { code, stdout } = await runMain(["doctor", "--threads", "1"]);
    assertEquals(code, 0);
    assertMatch(stdout.text, /\nwebgpu +not available +this platform has no WebGPU\n/);
    assertMatch(
      stdout.text,
      /\nAuto takes wasm \(1 thread, SIMD\), which works\n {2}not webgpu: this platform has no WebGPU\n/,
    );
  } finally {
    Object.defineProperty(navigator, "gpu", { value: gpu, configurable: true });
  }
});

Deno.test("isSound() wants a backend whose test passes", () => {
  const { backend } = {
    backend: {
      name: "cpu",
      threads: 1,
      simd: false,
      kernels: null,
      adapter: null,
      software: false,
      skipped: [],
      warnings: [],
    },
  } as const;
  const good = { name: "a", difference: 0, ok: true };
  assertEquals(isSound({ asked: "auto", backend, selfTest: [good] }), true);
  assertEquals(isSound({ asked: "auto", backend, selfTest: [good, { ...good, ok: false }] }), false);
  assertEquals(isSound({ asked: "auto", backend, reason: "it threw" }), false);
  assertEquals(isSound({ asked: "auto", reason: "there is none" }), false);
});
