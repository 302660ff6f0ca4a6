import type { ModelReport } from "./engine/mod.ts";
import type { Exchange } from "./exchange.ts";
import { nearest } from "../base/nearest.ts";
import { Problem } from "./problem.ts";

/** The longest id that is looked for among the models, in characters. */
const longestId = 100;

/**
 * The id of the model that stands in the path.
 *
 * @throws {Problem} 404 if there is none of it.
 */
export function modelInPath({ params, service: { models } }: Exchange): string {
  const { id = "" } = params;
  if (models.has(id)) return id;
  const shown = id.slice(0, longestId);
  const ids = nearest(shown, models.keys(), 10).join(", ");
  throw new Problem(
    404,
    `Cannot find model ${JSON.stringify(shown)}: the models are ${ids}`,
    {},
    "model-not-found",
  );
}

/**
 * What there is to know of a model, which is opened for it.
 *
 * @throws {Problem} 503 while the service drains.
 */
export async function reportOf({ service }: Exchange, id: string): Promise<ModelReport> {
  service.underWay.checkOpen();
  return await service.engine.report(id);
}
