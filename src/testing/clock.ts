/**
 * A clock for bounds of time. It is not published.
 *
 * @module
 */

/** How long anything has waited for a core since this machine was started, in ms; 0 where the system does not tell. */
function waitedMs(): number {
  try {
    const text = Deno.readTextFileSync("/proc/pressure/cpu");
    return Number(/^some .*\btotal=(\d+)/m.exec(text)?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

/**
 * The time in ms, without that in which anything on this machine waited for a core: what is to take a second at most may
 * take ten where the machine is busy with other things. Who sleeps too long, or computes too long while cores are free, is
 * late on this clock as on any other.
 */
export function now(): number {
  return performance.now() - waitedMs();
}
