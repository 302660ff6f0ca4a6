import { sha256 } from "../../base/sha256.ts";
import { safePart } from "../output_names.ts";
import type { ModelRequest } from "../session.ts";
import type { WorkRecord } from "./record.ts";

/** How much of a hash tells names apart, in bytes. */
const hashBytes = 6;

/** The same text for the same values, whatever order their members came in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => one < other ? -1 : 1));
  });
}

/** A hash of values, in hexadecimal digits, whatever order their members came in. */
export async function hashOf(value: unknown): Promise<string> {
  return await sha256(canonical(value));
}

/**
 * The stem of the names of a record's files: its id, and a hash of what they depend on, so that the same work done twice
 * leaves the same files, and other work others.
 *
 * @param model What the run was told of the model.
 */
export async function resultStem(
  { id, photo, request: { options, drawing } }: WorkRecord,
  { model, weights, identity, labels }: ModelRequest,
): Promise<string> {
  const { backend: _, threads: __, ...asked } = options; // on which maps do not depend
  const content = typeof photo === "string" ? photo : await sha256(photo);
  const settings = { id, photo: content, asked, drawing, model, weights, identity, labels };
  const digits = (await hashOf(settings)).slice(0, 2 * hashBytes);
  const name = id === null ? content.slice(0, 2 * hashBytes) : typeof id === "string" ? id : canonical(id);
  return `${safePart(name.replace(/\.[a-z]{2,4}$/i, "")) || "photo"}-${digits}`;
}
