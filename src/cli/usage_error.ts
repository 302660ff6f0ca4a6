/** The command line was written wrongly: exit code 2, as shells expect. */
export class UsageError extends Error {
  /** The class's own name, also after minification. */
  override name = "UsageError";
}
