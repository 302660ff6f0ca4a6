import type { Exchange } from "./exchange.ts";
import { Problem } from "./problem.ts";
import type { Route } from "./route.ts";
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

/** The route that a path belongs to, and what the path names. */
export function findRoute(pathname: string): { route: Route; params: Record<string, string> } | undefined {
  const path = pathname.length > 1 ? pathname.replace(/\/$/, "") : pathname;
  for (const route of routes) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

/** The HTTP methods that a route takes. */
export function methodsOf({ methods }: Route): string[] {
  return [...Object.keys(methods), ...methods.GET ? ["HEAD"] : [], "OPTIONS"];
}

/**
 * Answer a request by its path and method.
 *
 * @throws {Problem} 404 or 405 if there is nothing of the kind.
 */
export async function answerByRoute(exchange: Exchange): Promise<Response> {
  const { request, url } = exchange;
  const found = findRoute(url.pathname);
  if (!found) {
    const paths = routes.map(({ path }) => path).join(", ");
    throw new Problem(
      404,
      `Nothing at ${JSON.stringify(url.pathname.slice(0, 100))}: the paths are ${paths}`,
    );
  }
  const { route, params } = found;
  exchange.route = route.path;
  exchange.params = params;
  const allow = methodsOf(route).join(", ");
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const method = request.method === "HEAD" ? "GET" : request.method;
  const answer = method === "GET" || method === "POST" ? route.methods[method] : undefined;
  if (!answer) {
    throw new Problem(
      405,
      `Cannot ${request.method.slice(0, 20)} "${route.path}": the methods are ${allow}`,
      {
        allow,
      },
    );
  }
  const response = await answer(exchange);
  if (request.method !== "HEAD") return response;
  await response.body?.cancel();
  return new Response(null, response);
}
