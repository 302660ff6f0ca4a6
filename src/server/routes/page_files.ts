import { pageFileResponse } from "../page/page.ts";
import type { Route } from "../route.ts";

/** `GET /page/{file}`: what the page consists of. It holds nothing of anybody, and is open to all. */
export const pageFilesRoute: Route = {
  path: "/page/{file}",
  methods: { GET: pageFileResponse },
  isOpen: true,
  isStatic: true,
};
