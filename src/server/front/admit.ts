import { addressOf } from "../access/address.ts";
import { bearerOf } from "../access/tokens.ts";
import type { Answer, Exchange } from "../exchange.ts";
import { Problem } from "../problem.ts";

/** Whether what is asked for is for everybody. */
function isForAll({ route, request }: Exchange): boolean {
  return request.method === "OPTIONS" || (route?.isOpen === true && request.method !== "POST");
}

/** Who sends a request, by what cannot be made up: a token that lets in, or else the address. */
function clientOf({ request, info, service }: Exchange, token: string | undefined): string {
  const { clientOf } = service.options;
  if (!clientOf) return token === undefined ? `address ${addressOf(info)}` : `token ${token}`;
  try {
    return `client ${clientOf(request, info)}`;
  } catch (error) {
    service.tell(error);
    throw new Problem(500, "The server could not tell who asks: its log says why");
  }
}

function refuseToken(shown: string | undefined): Problem {
  const challenge = 'Bearer realm="gradcam"';
  return shown === undefined
    ? new Problem(401, "Cannot answer without a token: send the header Authorization: Bearer TOKEN", {
      "www-authenticate": challenge,
    })
    : new Problem(401, "Cannot answer to this token: it is none that this server knows", {
      "www-authenticate": `${challenge}, error="invalid_token"`,
    });
}

/**
 * Lets those in who show a token, where one is needed, and who have not asked too often. Whoever tries tokens is counted by
 * address.
 */
export async function admitClients(exchange: Exchange, next: Answer): Promise<Response> {
  const { request, service: { tokens, rates } } = exchange;
  if (isForAll(exchange)) return await next(exchange);
  const shown = tokens.areNeeded ? bearerOf(request) : undefined;
  const token = shown !== undefined && await tokens.has(shown) ? shown : undefined;
  const seconds = Math.ceil(rates?.take(clientOf(exchange, token)) ?? 0);
  if (seconds > 0) {
    throw new Problem(429, `Too many requests: ask again in ${seconds} s`, {
      "retry-after": String(seconds),
    });
  }
  if (tokens.areNeeded && token === undefined) throw refuseToken(shown);
  return await next(exchange);
}
