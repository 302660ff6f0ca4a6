/**
 * A worker of the command line tool: it opens the model on one thread and explains the photos it is told to.
 *
 * @module
 */
/// <reference lib="webworker" />
import { selectBackend } from "../../../backends/mod.ts";
import type { Explanation, ExplanationRecord } from "../../explanation.ts";
import { openModelFolder } from "../../formats/mod.ts";
import type { ExplainableModel } from "../../split/mod.ts";
import { findRendering } from "../../renderings.ts";
import { describeError, errorStack } from "../describe_error.ts";
import type { SavePlan } from "../save.ts";
import type { JobAnswer, JobBackend, JobOrder, JobSetup } from "./messages.ts";
import { explainPhoto } from "./photo.ts";
import { folderOf } from "./shared_model.ts";

declare const self: DedicatedWorkerGlobalScope;

/** Nothing is written to standard output where there are workers. */
const noOutput: SavePlan["stdout"] = { columns: undefined, write: () => Promise.resolve() };

let started: Promise<unknown> | undefined;
let setup: JobSetup | undefined;
let opened: Promise<ExplainableModel> | undefined;

async function start({ backend = "auto", threads = 1 }: JobBackend): Promise<unknown> {
  return await selectBackend({ backend: backend === "auto" ? "wasm" : backend, threads });
}

async function open({ model, labels, request: { options } }: JobSetup): Promise<ExplainableModel> {
  await started;
  return await openModelFolder(folderOf(model), { labels, preprocess: options.preprocess });
}

/** Everything but the photo's pixels, which were drawn already. */
function withoutPixels({ photo, ...explanation }: Explanation): ExplanationRecord {
  return { ...explanation, photo: photo && { ...photo, data: new Uint8ClampedArray() } };
}

async function explain(photo: number): Promise<JobAnswer> {
  const { request: { photos, options, drawing }, kinds, destination, stems } = setup!;
  const plan = {
    destination,
    kinds: kinds.map(findRendering),
    drawing,
    photos,
    stdout: noOutput,
  };
  const task = { image: photos[photo]!, stem: stems[photo]! };
  const result = await explainPhoto(await opened!, task, options, plan);
  if ("explanation" in result) {
    return { photo, record: withoutPixels(result.explanation), saved: result.saved };
  }
  const { error, isHopeless } = result;
  return { photo, message: describeError(error), stack: errorStack(error), isHopeless };
}

/** Do what is told; what fails on the way is told with the first photo. */
async function follow(order: JobOrder): Promise<void> {
  if ("start" in order) {
    started = start(order.start);
    await started;
  } else if ("setup" in order) {
    setup = order.setup;
    opened = open(setup);
    await opened;
  } else {
    self.postMessage(await explain(order.photo));
  }
}

self.onmessage = ({ data }: MessageEvent<JobOrder>) => {
  follow(data).catch((error) => {
    if (!("photo" in data)) return;
    const [message, stack] = [describeError(error), errorStack(error)];
    self.postMessage({ photo: data.photo, message, stack, isHopeless: true } satisfies JobAnswer);
  });
};
