import { version } from "../base/version.ts";
import type { BackendCheck } from "./check_backends.ts";
import type { Command } from "./command.ts";
import { threadsOption } from "./options/machine.ts";
import type { CliIo } from "./io.ts";
import { table } from "./table.ts";
import type { Values } from "./values.ts";

/** What takes part, for bug reports. */
async function describeMachine(): Promise<Record<string, string | number>> {
  const { version_core: tfjs } = await import("../base/tfjs.ts");
  return {
    gradcam: version,
    tfjs,
    deno: Deno.version.deno,
    platform: Deno.build.target,
    cores: navigator.hardwareConcurrency,
  };
}

function stateText({ backend, selfTest, reason }: BackendCheck): string {
  if (!backend) return "not available";
  if (!selfTest) return `self-test failed: ${reason}`;
  const wrong = selfTest.filter(({ ok }) => !ok).map(({ name }) => name);
  return wrong.length === 0 ? "works" : `computes wrongly: ${wrong.join(", ")}`;
}

function detailText({ backend, reason }: BackendCheck): string {
  if (!backend) return reason ?? "";
  const { name, threads, simd, adapter, software } = backend;
  if (name === "webgpu") return `${adapter ?? "unnamed GPU"}${software ? ", emulated on the CPU" : ""}`;
  if (name === "cpu") return "plain JavaScript";
  return `${threads} ${threads === 1 ? "thread" : "threads"}, ${simd ? "SIMD" : "no SIMD"}`;
}

function testText({ selfTest = [] }: BackendCheck): string {
  const largest = Math.max(...selfTest.map(({ difference }) => difference));
  return selfTest.length === 0 ? "" : `${selfTest.length} computations, off by ${largest.toExponential(0)}`;
}

function rowOf(check: BackendCheck): string[] {
  const { startMs } = check;
  const start = startMs === undefined ? "" : `${Math.round(startMs)} ms`;
  return [check.asked, stateText(check), start, detailText(check), testText(check)];
}

/** What auto takes, and what it passed over. */
function autoText(auto: BackendCheck): string {
  if (!auto.backend) return `Auto finds no backend: ${auto.reason}\n`;
  const skipped = auto.backend.skipped.map(({ name, reason }) => `  not ${name}: ${reason}\n`).join("");
  return `Auto takes ${auto.backend.name} (${detailText(auto)}), which ${stateText(auto)}\n${skipped}`;
}

/** What may be less than the machine has, of the backends that were asked for by name. */
function variantsText(checks: readonly BackendCheck[]): string {
  return checks.flatMap(({ asked, backend }) =>
    (backend?.skipped ?? []).map(({ name, reason }) => `${asked} goes without ${name}: ${reason}\n`)
  ).join("");
}

async function run(values: Values, io: CliIo): Promise<number> {
  const { checkBackends, isSound } = await import("./check_backends.ts");
  const checks = await checkBackends(values.number("threads"));
  const machine = await describeMachine();
  const auto = checks.at(-1)!;
  const named = checks.slice(0, -1);
  if (values.flag("json")) {
    await io.stdout.write(`${JSON.stringify({ ok: isSound(auto), ...machine, backends: named, auto })}\n`);
  } else {
    const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`).join(" · ");
    const rows = [["BACKEND", "STATE", "START", "WITH", "SELF-TEST"], ...named.map(rowOf)];
    await io.stdout.write([`${facts}\n\n`, table(rows), "\n", variantsText(named), autoText(auto)].join(""));
  }
  return isSound(auto) ? 0 : 1;
}

/** `gradcam doctor`: what this machine can compute on. */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "Say which backends this machine has, and test them",
  options: [
    threadsOption,
    { name: "json", group: "Result", description: "Print JSON instead of a table" },
  ],
  notes: ["The exit code is 0 if the backend that is taken when none is named computes rightly, else 1."],
  examples: [{ what: "What will my maps be computed on?", line: "doctor" }],
  run,
};
