/**
 * The registry of routes: what answers at which path. A new one is its file and its line.
 *
 * @module
 */
import type { Route } from "../route.ts";
import { explainRoute, pageRoute } from "./explain.ts";
import { healthRoute } from "./health.ts";
import { layersRoute } from "./layers.ts";
import { pageFilesRoute } from "./page_files.ts";

/** All routes. */
export const routes: readonly Route[] = Object.freeze([
  pageRoute,
  pageFilesRoute,
  explainRoute,
  layersRoute,
  healthRoute,
]);
