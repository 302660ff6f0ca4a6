/**
 * What the benches have in common.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backends/mod.ts";
import { readImage } from "../src/input/image/read.ts";
import { prepareInput } from "../src/input/preprocess.ts";

/** The photo that benches explain: `[h, w]` is 300 × 451. */
export const photo: URL = new URL("../testdata/photos/chelsea.png", import.meta.url);

/** The command line tool. */
export const cli: string = new URL("../cli.ts", import.meta.url).pathname;

const decoded = await readImage(photo);
const { data, shape } = prepareInput(decoded, { height: 224, width: 224, channels: 3 }, {
  preprocessing: { name: "efficientnet-lite", mean: [127], std: [128] },
});

/** The photo as the embedded model takes it, `[1, 224, 224, 3]`, on the backend in use. */
export function photoTensor(): tf.Tensor4D {
  return tf.tensor4d(data, [...shape]);
}

/** Run the command line tool in a process of its own. */
export async function runCli(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", cli, ...args],
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** A folder that is removed when the bench ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

/** Every number of threads that WebAssembly can have here. */
export async function threadCounts(): Promise<number[]> {
  const { threads } = await selectBackend({ backend: "wasm" });
  return Array.from({ length: threads }, (_, index) => index + 1);
}

/** "1 thread", "2 threads". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
