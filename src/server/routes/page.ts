import { pageResponse } from "../page/page.ts";
import type { Route } from "../route.ts";
import { explainAsBefore } from "./explain.ts";

/** `/`: the page, and explaining for short. */
export const pageRoute: Route = {
  path: "/",
  methods: { GET: pageResponse, POST: explainAsBefore },
  isOpen: true,
  isStatic: true,
};
