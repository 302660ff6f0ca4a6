/**
 * ONNX's own tests of nodes and its light graphs, from its package on PyPI. They are not part of the project: the package is
 * fetched into the folder that the variable GRADCAM_CACHE names, outside the checkout.
 */
import { assert, assertEquals } from "@std/assert";
import { ensureBackend } from "../../../../backends/mod.ts";
import * as tf from "../../../base/tfjs.ts";
import { bytesSource } from "../../../platform/byte_source.ts";
import { exists, largestDifference, largestMagnitude, leavingNoTensors } from "../../../testing/mod.ts";
import { loadModel } from "../../mod.ts";
import { Damage } from "../damaged.ts";
import { readTensorFile } from "../model_proto.ts";
import { WindowedBytes } from "../protobuf.ts";
import { openTensor } from "../tensor_data.ts";
import { type Form, readTest, runTest } from "./testing.ts";

/** The last version whose package holds the tests' data. */
const version = "1.22.0";

/** How many tests passed when they were last looked at, in each form. */
const leastPassed: Readonly<Record<Form, number>> = { constant: 1200, live: 1200, "channels last": 1200 };

async function run(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stderr } = await new Deno.Command(command, { args: [...args], stderr: "piped" })
      .output();
    return success ? undefined : new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Fetch the package and unpack it; what it returns says why it cannot be had. */
async function fetchPackage(folder: URL): Promise<string | undefined> {
  await Deno.mkdir(folder, { recursive: true });
  const target = folder.pathname;
  const failure = await run("python3", [
    ...["-m", "pip", "download", `onnx==${version}`, "--no-deps", "--only-binary=:all:", "--quiet"],
    ...["--dest", target],
  ]);
  if (failure !== undefined) return failure;
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".whl")) {
      return await run("python3", ["-m", "zipfile", "-e", `${target}${name}`, target]);
    }
  }
  return "pip has downloaded no package";
}

const cache = Deno.env.get("GRADCAM_CACHE");
const folder = cache ? new URL(`onnx-${version}/`, `file://${cache}/`) : undefined;
const data = folder && new URL("onnx/backend/test/data/", folder);
const missing = folder === undefined
  ? "set GRADCAM_CACHE to a folder for the onnx package"
  : await exists(data!)
  ? undefined
  : await fetchPackage(folder);
const ignore = missing !== undefined;
const why = ignore ? ` (skipped: ${missing})` : "";

/** Verdicts by operator. */
class Table {
  readonly #rows = new Map<string, Map<string, number>>();

  add(operator: string, verdict: string): void {
    const row = this.#rows.get(operator) ?? new Map<string, number>();
    row.set(verdict, (row.get(verdict) ?? 0) + 1);
    this.#rows.set(operator, row);
  }

  sum(verdict: string): number {
    return this.#rows.values().reduce((sum, row) => sum + (row.get(verdict) ?? 0), 0);
  }

  print(): void {
    console.table(
      Object.fromEntries([...this.#rows].sort().map(([name, row]) => [name, Object.fromEntries(row)])),
    );
  }
}

for (const form of ["live", "channels last", "constant"] as const) {
  Deno.test({
    name: `translators give what ONNX's tests of nodes say, inputs ${form}${why}`,
    ignore,
    async fn() {
      await ensureBackend({ backend: "cpu" });
      const table = new Table(), failures: string[] = [];
      await leavingNoTensors(async () => {
        for await (const { name } of Deno.readDir(new URL("node/", data))) {
          const test = await readTest(new URL(`node/${name}/`, data));
          const { nodes } = test.model.graph;
          const operator = nodes.length === 1 ? nodes[0]!.op : "(several)";
          const isRead = [...test.inputs, ...test.outputs].every((tensor) => tensor !== undefined);
          try {
            const wrong = await runTest(test, form);
            if (wrong !== undefined && isRead) failures.push(`${name}: ${wrong}`);
            table.add(operator, wrong === undefined ? "passed" : isRead ? "failed" : "not applicable");
          } catch (error) {
            if (!(error instanceof Damage)) throw error;
            table.add(operator, "not applicable");
          }
        }
      });
      if (Deno.env.has("GRADCAM_TABLE")) table.print();
      assertEquals(failures, []);
      assert(table.sum("passed") >= leastPassed[form], `${table.sum("passed")} passed`);
    },
  });
}

Deno.test({
  name: `loadModel() opens ONNX's light graphs, which give what lies beside them${why}`,
  ignore: ignore || !Deno.env.has("GRADCAM_TABLE"), // VGG19's weights alone are half a gigabyte
  async fn(t) {
    await ensureBackend({ backend: "wasm" });
    for await (const { name } of Deno.readDir(new URL("light/", data))) {
      if (!name.endsWith(".onnx")) continue;
      await t.step(name, () =>
        leavingNoTensors(async () => {
          using model = await loadModel(new URL(`light/${name}`, data));
          const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number];
          const size = height * width * channels;
          const x = tf.tidy(() =>
            tf.range(0, size).div(size).reshape([1, channels, height, width]).transpose([0, 2, 3, 1])
          ) as tf.Tensor4D;
          const scores = model.predict(x);
          const found = await scores.data();
          tf.dispose([x, scores]);
          const bytes = await Deno.readFile(new URL(`light/${name.replace(".onnx", "_output_0.pb")}`, data));
          const wanted = openTensor(readTensorFile(new WindowedBytes(bytesSource(bytes)))).read();
          assert(largestDifference(found, wanted) <= 1e-4 * largestMagnitude(wanted));
        }));
    }
  },
});
