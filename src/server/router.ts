import { type Exchange, malformedUrl } from "./exchange.ts";
import { Problem } from "./problem.ts";
import type { Route, RouteMethod } from "./route.ts";
import { routes } from "./routes/mod.ts";

/** The parts of a path that a pattern names, if the path is like it. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && given[at] !== "") params[name] = decode(given[at]!);
    else if (part !== given[at]) return undefined;
  }
  return params;
}

/** What stands in a path, unescaped; as it is where that cannot be. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A route, and what stands in the path in the place of its `{names}`. */
export interface FoundRoute {
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string>>;
}

/** The route that a path belongs to. */
export function findRoute(pathname: string): FoundRoute {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, "") : pathname;
  for (const route of routes) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return { route: undefined, params: {} };
}

/** The HTTP methods that a route takes. */
export function methodsOf({ methods }: Route): string[] {
  return [...Object.keys(methods), ...methods.GET ? ["HEAD"] : [], "OPTIONS"];
}

/** A text of a request as messages show it. */
function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

/** All HTTP methods that any route takes. */
const allMethods = [...new Set(routes.flatMap(methodsOf))].join(", ");

/** Answer where there is no route: nothing is there, but `OPTIONS *` is about the server itself. */
function answerNowhere({ request, url }: Exchange): Response {
  if (request.method === "OPTIONS" && /^\/?\*$/.test(url.pathname)) {
    return new Response(null, { status: 204, headers: { allow: allMethods } });
  }
  if (url === malformedUrl) {
    throw new Problem(400, `Cannot read the URL ${quote(request.url)}: it is none`, {}, "url-invalid");
  }
  const paths = routes.map(({ path }) => path).join(", ");
  throw new Problem(404, `Nothing at ${quote(url.pathname)}: the paths are ${paths}`);
}

/**
 * Answer a request by its path and method.
 *
 * @throws {Problem} 400, 404 or 405 if there is nothing of the kind.
 */
export async function answerByRoute(exchange: Exchange): Promise<Response> {
  const { request, route } = exchange;
  if (!route) return answerNowhere(exchange);
  const allow = methodsOf(route).join(", ");
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const method = request.method === "HEAD" ? "GET" : request.method;
  const answer = Object.hasOwn(route.methods, method) ? route.methods[method as RouteMethod] : undefined;
  if (answer) return await answer(exchange);
  throw new Problem(
    405,
    `Cannot ${request.method.slice(0, 20)} "${route.path}": the methods are ${allow}`,
    { allow },
  );
}
