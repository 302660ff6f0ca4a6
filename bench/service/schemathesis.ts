/**
 * Schemathesis on the service's OpenAPI document: `deno task schemathesis`; `--help` tells how it is had.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { startWay, ways } from "./ways.ts";

const usage = `Usage: deno task schemathesis [options] [-- ARGUMENTS OF schemathesis run]

Start the service, and let schemathesis (PyPI) send some 2,000 requests that follow from its OpenAPI document, or break it.
It fails on any 5xx but documented 501, 503 and 504, on statuses, content types and bodies that are not documented, on what
is refused though the document allows it, and on what is taken though the document does not.

It is had outside of the repository:

  python3 -m venv ~/.cache/gradcam-schemathesis
  ~/.cache/gradcam-schemathesis/bin/pip install schemathesis==4.32.5

  --program PATH      schemathesis itself (default: SCHEMATHESIS in the environment, else that of the lines above)
  --requests N        how many it should send at least (default: 2000)
  --url URL           a service that runs already, instead of one that is started
  --seed N            for the same requests again (default: 14)`;

/** Cases for an operation, of each phase: enough that a document of a dozen operations gives some 2,000 requests. */
const examplesFor = (requests: number) => Math.ceil(requests / 4);

function defaultProgram(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "."}/.cache`;
  return Deno.env.get("SCHEMATHESIS") ?? `${cache}/gradcam-schemathesis/bin/schemathesis`;
}

const here = (name: string) => new URL(name, import.meta.url).pathname;

/** Run it, pass on what it says, and give its exit code and how many requests it sent. */
async function run(
  program: string,
  url: string,
  { folder, args }: { folder: string; args: readonly string[] },
): Promise<{ code: number; sent: number }> {
  const process = new Deno.Command(program, {
    args: [
      `--config-file=${here("schemathesis.toml")}`,
      "run",
      `${url}openapi.json`,
      "--checks=all",
      "--phases=examples,coverage,fuzzing",
      "--continue-on-failure",
      "--generation-database=none",
      "--request-timeout=30",
      "--no-color",
      ...args,
    ],
    cwd: folder, // it leaves files there
    env: { SCHEMATHESIS_HOOKS: here("schemathesis_hooks.py"), PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    said = (said + text).slice(-100_000);
    await Deno.stdout.write(new TextEncoder().encode(text));
  }
  const { code } = await process.status;
  return { code, sent: Number(/^\s*([\d,]+) generated/m.exec(said)?.[1]?.replaceAll(",", "") ?? NaN) };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      program: { type: "string", default: defaultProgram() },
      requests: { type: "string", default: "2000" },
      url: { type: "string" },
      seed: { type: "string", default: "14" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const requests = Number(values.requests);
  if (!(requests >= 1)) {
    throw new RangeError(`Cannot use --requests "${values.requests}": give a whole number`);
  }
  if (!await Deno.stat(values.program).catch(() => undefined)) {
    throw new RangeError(`Cannot find schemathesis at ${values.program}: --help says how it is had`);
  }
  const program = await Deno.realPath(values.program);
  const service = values.url === undefined ? await startWay(ways[0]!) : undefined;
  const folder = await Deno.makeTempDir();
  try {
    const url = service?.url ?? (values.url!.endsWith("/") ? values.url! : `${values.url}/`);
    const args = [`--max-examples=${examplesFor(requests)}`, `--seed=${values.seed}`, ...positionals];
    const { code, sent } = await run(program, url, { folder, args });
    if (service && !service.isAlive()) {
      console.error(`schemathesis: the service is gone: ${service.said().slice(-1000)}`);
      return 1;
    }
    if (code === 0 && !(sent >= requests)) {
      console.error(
        `schemathesis: ${sent} requests were sent, fewer than ${requests}: use a larger --requests`,
      );
      return 1;
    }
    return code;
  } finally {
    await service?.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  try {
    Deno.exit(await main());
  } catch (error) {
    console.error(`schemathesis: ${(error as Error).message}`);
    Deno.exit(error instanceof RangeError || error instanceof TypeError ? 2 : 1);
  }
}
