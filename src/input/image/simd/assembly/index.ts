// What photos take most of their time in, a row of pixels after the other. This is AssemblyScript; `deno task pixels:build`
// makes a module of it.

export { checksum, encodeRows, finish, firstSum, secondSum, start } from "./png";
export { narrowRows } from "./narrow";

/** Where memory begins that nothing of this uses. */
export function freeFrom(): usize {
  return __heap_base;
}
