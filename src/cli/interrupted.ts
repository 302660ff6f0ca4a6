/** How shells see that a program was interrupted. */
export const interruptedCode = 130;

/** The user interrupted; the message says how far it got. */
export class Interrupted extends Error {
  /** The class's own name, also after minification. */
  override name = "Interrupted";
}
