/**
 * ONNX's own tests of nodes and its light graphs, from its package on PyPI. They are not part of the project: the package is
 * fetched into the folder that the variable GRADCAM_CACHE names, outside the checkout, by the pip of PYTHON (`python3`).
 * With GRADCAM_ONNX=all they are run in each of the three forms, with a table by operators, and the light graphs too.
 */
import { assert, assertEquals } from "@std/assert";
import { pathToFileURL } from "node:url";
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

const python = Deno.env.get("PYTHON") ?? "python3";

/** Unpacks the tests' data alone: of all that a package holds, a quarter. */
const unpack = `
import sys, zipfile
package, target = sys.argv[1:]
with zipfile.ZipFile(package) as archive:
    names = archive.namelist()
    archive.extractall(target, [name for name in names if name.startswith("onnx/backend/test/data/")])
`;

/**
 * Fetch the package, of whichever system, and unpack its data; what it returns says why it cannot be had. The folder is there
 * only when all of it is.
 */
async function fetchPackage(dir: string, target: string): Promise<string | undefined> {
  const begun = await Deno.makeTempDir({ dir, prefix: "onnx-" });
  try {
    const failure = await run(python, [
      ...["-m", "pip", "download", `onnx==${version}`, "--quiet", "--disable-pip-version-check"],
      ...["--no-deps", "--only-binary=:all:", "--python-version=3.12", "--platform=manylinux_2_28_x86_64"],
      ...["--dest", begun],
    ]);
    if (failure !== undefined) return failure;
    const names = (await Array.fromAsync(Deno.readDir(begun))).map(({ name }) => name);
    const wheel = names.find((name) => name.endsWith(".whl"));
    if (wheel === undefined) return "pip has downloaded no package";
    const failed = await run(python, ["-c", unpack, `${begun}/${wheel}`, `${begun}/data`]);
    if (failed === undefined) await Deno.rename(`${begun}/data`, target);
    return failed;
  } finally {
    await Deno.remove(begun, { recursive: true });
  }
}

const cache = Deno.env.get("GRADCAM_CACHE");
const all = Deno.env.get("GRADCAM_ONNX") === "all";

/** Why the tests' data cannot be had; `undefined` where it is there. */
async function whyMissing(): Promise<string | undefined> {
  if (!cache) return "set GRADCAM_CACHE to a folder for the onnx package";
  const target = `${cache}/onnx-${version}`;
  if (await exists(pathToFileURL(target))) return undefined;
  await Deno.mkdir(cache, { recursive: true });
  return await fetchPackage(cache, target);
}

const missing = await whyMissing();
const data = cache ? pathToFileURL(`${cache}/onnx-${version}/onnx/backend/test/data/`) : undefined;
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

/** The form that is always run moves axes; the others together take as long again twice. */
for (const form of ["channels last", "live", "constant"] as const) {
  Deno.test({
    name: `translators give what ONNX's tests of nodes say, inputs ${form}${why}`,
    ignore: ignore || form !== "channels last" && !all,
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
      if (all) table.print();
      assertEquals(failures, []);
      assert(table.sum("passed") >= leastPassed[form], `${table.sum("passed")} passed`);
    },
  });
}

Deno.test({
  name: `loadModel() opens ONNX's light graphs, which give what lies beside them${why}`,
  ignore: ignore || !all, // VGG19's weights alone are half a gigabyte
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
