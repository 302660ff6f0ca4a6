/**
 * A thread of the worker command: it opens the model, explains the photos it is told to, and saves what was found.
 *
 * @module
 */
import { openModelFolder } from "../../formats/mod.ts";
import { followOrders } from "../../jobs/follow_orders.ts";
import { folderOf } from "../../jobs/shared_model.ts";
import { HeapKeeper } from "../../platform/garbage.ts";
import type { ExplainableModel } from "../../split/model.ts";
import { failureOf } from "./failures.ts";
import type { ThreadAnswer, ThreadSetup, ThreadTask } from "./messages.ts";
import { workOn } from "./work_on.ts";

/** All that records are worked on with. */
interface Prepared {
  readonly model: ExplainableModel;
  readonly setup: ThreadSetup;
}

const heap = new HeapKeeper();

followOrders<ThreadSetup, Prepared, ThreadTask, ThreadAnswer>({
  async prepare(setup) {
    const { model, labels, preprocess, identity } = setup;
    return { model: await openModelFolder(folderOf(model), { labels, preprocess, identity }), setup };
  },
  run: (task, { model, setup }, signal) => workOn(model, task, setup, signal),
  fail: (error) => ({ error: failureOf(error) }),
  whenSent: () => void heap.clearUp(),
});
