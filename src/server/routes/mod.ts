/**
 * The registry of routes: what answers at which path. A new one is its file and its line.
 *
 * @module
 */
import type { Route } from "../route.ts";
import { explainRoute } from "./explain.ts";
import { healthRoute } from "./health.ts";
import { healthzRoute } from "./healthz.ts";
import { layersRoute } from "./layers.ts";
import { metricsRoute } from "./metrics.ts";
import { openApiRoute } from "./openapi.ts";
import { pageRoute } from "./page.ts";
import { pageFilesRoute } from "./page_files.ts";
import { readyzRoute } from "./readyz.ts";
import { v1ExplainRoute } from "./v1_explain.ts";
import { v1LayersRoute } from "./v1_layers.ts";
import { v1MethodsRoute } from "./v1_methods.ts";
import { v1ModelRoute } from "./v1_model.ts";
import { v1ModelsRoute } from "./v1_models.ts";

const described: readonly Route[] = [
  v1ExplainRoute,
  v1ModelsRoute,
  v1ModelRoute,
  v1LayersRoute,
  v1MethodsRoute,
  healthzRoute,
  readyzRoute,
  metricsRoute,
];

/** All routes. */
export const routes: readonly Route[] = Object.freeze([
  pageRoute,
  pageFilesRoute,
  explainRoute,
  layersRoute,
  healthRoute,
  ...described,
  openApiRoute(described),
]);
