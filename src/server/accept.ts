// @ts-types="npm:@types/negotiator@0.6.4"
import Negotiator from "npm:negotiator@1.0.0";

function negotiator(headers: Headers, name: string): Negotiator {
  const value = headers.get(name)?.trim() || undefined; // an empty header is as none
  return new Negotiator({ headers: { [name]: value } });
}

/**
 * The media type that a client would rather have, by its `Accept`.
 *
 * @param headers The request's.
 * @param available What there is; the first of those that it likes as much is taken.
 * @returns `undefined` if it takes none of them.
 */
export function acceptedType<Type extends string>(
  headers: Headers,
  available: readonly Type[],
): Type | undefined {
  return negotiator(headers, "accept").mediaType([...available]) as Type | undefined;
}

/** The encoding that a client would rather have, by its `Accept-Encoding`; see {@linkcode acceptedType}. */
export function acceptedEncoding<Encoding extends string>(
  headers: Headers,
  available: readonly Encoding[],
): Encoding | undefined {
  return negotiator(headers, "accept-encoding").encoding([...available]) as Encoding | undefined;
}
