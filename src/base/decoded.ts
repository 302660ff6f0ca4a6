/** A name without the escapes that it has in an address; as it is where they make no sense. */
export function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
