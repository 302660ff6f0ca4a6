/**
 * The ways in which the service can be run.
 *
 * @module
 */
import { type RunningService, startService } from "../../src/testing/program.ts";

/** A way to run it. */
export interface Way {
  /** How tables call it. */
  readonly title: string;
  /** What `--ways` calls it. */
  readonly option: string;
  /** What follows `deno`. */
  args(port: number): readonly string[];
  /** What it finds in its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

const root = new URL("../../", import.meta.url).pathname;
const serve = ["run", "--quiet", "--allow-all", `${root}cli.ts`, "serve"];

/** What docs/Containerfile puts into the environment. */
function containerEnvironment(): Record<string, string> {
  const lines = Deno.readTextFileSync(`${root}docs/Containerfile`).matchAll(/^ENV (\w+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name!, value!]));
}

/** A way that workers can be asked for, so many of them. */
export function workersWay(count: number): Way {
  return {
    title: `gradcam serve --workers ${count}`,
    option: "workers",
    args: (port) => [...serve, "--port", `${port}`, "--workers", `${count}`],
  };
}

/** All ways. */
export const ways: readonly Way[] = [
  { title: "gradcam serve", option: "one", args: (port) => [...serve, "--port", `${port}`] },
  workersWay(2),
  {
    ...workersWay(2),
    title: "gradcam serve --workers 2, as in docs/Containerfile",
    option: "container",
    env: containerEnvironment(),
  },
  {
    title: "deno serve --parallel",
    option: "parallel",
    args: (
      port,
    ) => [
      "serve",
      "--quiet",
      "--parallel",
      "--allow-all",
      "--host=127.0.0.1",
      `--port=${port}`,
      `${root}serve.ts`,
    ],
    env: { DENO_JOBS: "2" },
  },
];

/** A port that nobody listens on at the moment. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function isListening(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}health`);
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Wait until a service that does not say so listens. */
async function waitFor(url: string, isAlive: () => boolean): Promise<void> {
  while (!await isListening(url)) {
    if (!isAlive()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Start the service in one of the ways.
 *
 * @throws {Error} If it does not start, with what it said.
 */
export async function startWay({ args, env = {} }: Way): Promise<RunningService> {
  const port = freePort();
  const service = await startService(args(port), { env, url: `http://127.0.0.1:${port}/` });
  await waitFor(service.url, service.isAlive);
  if (!service.isAlive()) throw new Error(service.said().trim());
  return service;
}
