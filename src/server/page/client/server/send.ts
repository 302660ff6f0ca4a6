/// <reference lib="dom" />
import { readToken } from "./token.ts";

/** What came back. */
export interface Reply {
  readonly status: number;
  /** A header's value. */
  header(name: string): string | null;
  readonly body: Blob;
}

/** Options of {@linkcode send}. */
export interface SendOptions {
  /** What is sent; GET if left out. */
  readonly body?: FormData | string | undefined;
  /** The media types wanted. */
  readonly accept?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how much of the body was sent, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** The server could not be reached. */
export class UnreachableError extends Error {
  override name = "UnreachableError";
}

/**
 * Ask this page's server. By XMLHttpRequest, since fetch does not tell how much of a body was sent.
 *
 * @param path From the page on.
 * @throws {UnreachableError} If there is no answer.
 * @throws The signal's reason.
 */
export function send(path: string, { body, accept, signal, onProgress }: SendOptions = {}): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  signal?.throwIfAborted();
  const request = new XMLHttpRequest();
  const leave = () => request.abort();
  request.open(body === undefined ? "GET" : "POST", path);
  request.responseType = "blob";
  const token = readToken();
  if (token !== undefined) request.setRequestHeader("authorization", `Bearer ${token}`);
  if (accept) request.setRequestHeader("accept", accept);
  if (typeof body === "string") request.setRequestHeader("content-type", "application/octet-stream");
  request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 1);
  request.upload.onload = () => onProgress?.(1);
  request.onload = () =>
    resolve({
      status: request.status,
      header: (name) => request.getResponseHeader(name),
      body: request.response as Blob,
    });
  request.onerror = () => reject(new UnreachableError("The server cannot be reached"));
  request.onabort = () => reject(signal?.reason ?? new UnreachableError("The request was ended"));
  request.onloadend = () => signal?.removeEventListener("abort", leave);
  signal?.addEventListener("abort", leave, { once: true });
  request.send(body ?? null);
  return promise;
}
