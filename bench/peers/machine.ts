/**
 * The machine that figures hold for.
 *
 * @module
 */
import { progress } from "./progress.ts";

/** How busy a machine may be before a bench begins. */
export const quietLoad = 0.5;

async function readField(path: string, field: RegExp): Promise<string | undefined> {
  return field.exec(await Deno.readTextFile(path).catch(() => ""))?.[1];
}

/** Processor, cores, memory and system in one line. */
export async function describeMachine(): Promise<string> {
  const processor = await readField("/proc/cpuinfo", /^model name\s*:\s*(.+)$/m) ?? Deno.build.arch;
  const system = await readField("/etc/os-release", /^PRETTY_NAME="?([^"\n]+)/m) ?? Deno.build.os;
  const gigabytes = Math.round(Deno.systemMemoryInfo().total / 1e9);
  return `${navigator.hardwareConcurrency} cores of ${processor}, ${gigabytes} GB, ${system}`;
}

/** The load of the last minute, five and fifteen. */
export function describeLoad(): string {
  return Deno.loadavg().map((load) => load.toFixed(2)).join(", ");
}

/** Wait until what this process had installed and made has left the load, at most five minutes. */
export async function waitUntilQuiet(): Promise<void> {
  const end = performance.now() + 300_000;
  while (Deno.loadavg()[0]! > quietLoad && performance.now() < end) {
    progress(`Waiting for the load to fall below ${quietLoad}: ${describeLoad()}`);
    await new Promise((resolve) => setTimeout(resolve, 15_000));
  }
}
