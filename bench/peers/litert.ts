import type { Peer } from "./peer.ts";
import { denoCommand, runToEnd } from "./process.ts";
import { progress } from "./progress.ts";

/** Installed beside the networks, so that they are no dependencies of the package. */
const packages = { "@litertjs/core": "2.5.3", "@litertjs/wasm-utils": "2.5.3" };
const child = new URL("children/litert.ts", import.meta.url);

/** The folder of the packages, which are installed unless they are there. */
async function install(folder: string): Promise<string> {
  const path = `${folder}/litert`, wanted = JSON.stringify({ dependencies: packages });
  const mark = `${path}/package.json`, modules = `${path}/node_modules`;
  const isThere = await Deno.stat(`${modules}/@litertjs/core`).then(() => true, () => false);
  if (isThere && await Deno.readTextFile(mark).catch(() => "") === wanted) return modules;
  progress("Installing LiteRT.js");
  await Deno.mkdir(path, { recursive: true });
  await Deno.writeTextFile(mark, wanted);
  const args = ["install", "--quiet", "--node-modules-dir=auto"];
  await runToEnd({ program: Deno.execPath(), args, folder: path });
  return modules;
}

/** The forward pass of LiteRT.js in Chromium; it takes no network of a batch of any size. */
function litert(name: string, option: string, threadsOf: (all: number) => number): Peer {
  return {
    name,
    option,
    tasks: ["forward"],
    networks: ["EfficientNet-Lite0", "MobileNetV2", "ResNet50"],
    async warm(network, { environments, files, input, threads }) {
      const model = await files.path(network, "tflite", "tflite");
      return denoCommand(child, await install(environments.folder), model, input, `${threadsOf(threads)}`);
    },
  };
}

/** On one thread. */
export const litertOnOneThread: Peer = litert("LiteRT.js, 1 thread", "litert-1-thread", () => 1);

/** On as many as the others. */
export const litertOnAllThreads: Peer = litert("LiteRT.js", "litert", (all) => all);
