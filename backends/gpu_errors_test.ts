import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { BackendError } from "../src/base/errors.ts";
import { tryBackend } from "../src/testing/mod.ts";
import { forgetGpuRefusals, throwIfGpuRefused } from "./gpu_errors.ts";

Deno.test("throwIfGpuRefused() tells what WebGPU keeps to itself", async (t) => {
  const missing = await tryBackend("webgpu");
  if (missing !== undefined) {
    await t.step({ name: `webgpu skipped: ${missing}`, ignore: true, fn: () => {} });
    return;
  }
  const truths = () => tf.ones([1, 16, 24, 16]).mul(3).equal(3).cast("float32");
  await t.step("nothing, where all is well", async () => {
    const sum = tf.tidy(() => truths().sum());
    assertEquals([...await sum.data()], [16 * 24 * 16]);
    sum.dispose();
    throwIfGpuRefused();
  });
  await t.step("a shader that is none, once", async () => {
    const { device } = tf.backend() as unknown as { readonly device: GPUDevice };
    device.createShaderModule({ code: "no shader" });
    await device.queue.onSubmittedWorkDone();
    assertThrows(throwIfGpuRefused, BackendError, "Cannot compute this on WebGPU: ");
    throwIfGpuRefused();
    device.createShaderModule({ code: "nor is this" });
    await device.queue.onSubmittedWorkDone();
    forgetGpuRefusals();
    throwIfGpuRefused();
  });
  await tryBackend("cpu");
});
