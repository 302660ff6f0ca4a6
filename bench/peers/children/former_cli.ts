/**
 * The command line tool with TensorFlow.js's kernels in the place of ours.
 *
 * @module
 */
import { main } from "../../../cli.ts";
import { processIo } from "../../../src/cli/io.ts";
import { useFormerKernels } from "./former_kernels.ts";

useFormerKernels(navigator.hardwareConcurrency);
Deno.exit(await main(Deno.args, processIo()));
