/**
 * Do several things at once. As soon as one fails, stop the others, and wait until they have stopped, so that no
 * download goes on behind the caller's back.
 *
 * @param jobs What to do; each gets the signal that stops it.
 */
export async function allOrNone<T>(jobs: readonly ((signal: AbortSignal) => Promise<T>)[]): Promise<T[]> {
  const controller = new AbortController();
  const running = jobs.map((job) => job(controller.signal));
  try {
    return await Promise.all(running);
  } catch (error) {
    controller.abort();
    await Promise.allSettled(running);
    throw error;
  }
}
