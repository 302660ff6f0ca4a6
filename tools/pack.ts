/**
 * Put the tool, its packages and the embedded model into one folder, which runs where there is nothing but Deno: in an empty
 * home, with no network.
 *
 *     deno task pack [FOLDER] [--deno]
 *
 * What is packed is what the modules import, those of workers included; test files and source maps are not. With `--deno`
 * the running Deno is put beside it, so that a node needs nothing else.
 */
import { parseArgs } from "node:util";

const root = new URL("../", import.meta.url);

/** A module, as `deno info` lists it. */
interface ModuleInfo {
  readonly specifier: string;
  readonly npmPackage?: string;
}

/** A package, likewise. */
interface PackageInfo {
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

/** What modules import, and what those import. */
interface Graph {
  readonly modules: readonly ModuleInfo[];
  readonly npmPackages: Readonly<Record<string, PackageInfo>>;
}

/** What Deno keeps where. */
interface Caches {
  readonly npmCache: string;
}

/** Files of packages that no program reads: maps of sources, types, and what is for readers. */
const leftOut = /\.(map|md|markdown|flow|d\.[cm]?ts)$|^(CHANGELOG|HISTORY)$/i;

/** Where a module starts a worker, and where its program is. */
const workerProgram = /new URL\(\s*"(\.[^"]+\.ts)",\s*import\.meta\.url/g;

async function ask<Answer>(args: readonly string[]): Promise<Answer> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd: root })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function isOurs({ specifier }: ModuleInfo): boolean {
  return specifier.startsWith(root.href);
}

/** All that an entry point imports, workers' programs included. */
async function graphOf(entry: URL): Promise<Graph> {
  const entries = [entry.href];
  const modules = new Map<string, ModuleInfo>();
  const npmPackages: Record<string, PackageInfo> = {};
  for (const one of entries) { // which grows
    const graph = await ask<Graph>(["info", "--json", one]);
    Object.assign(npmPackages, graph.npmPackages);
    for (const module of graph.modules) {
      if (modules.has(module.specifier)) continue;
      modules.set(module.specifier, module);
      if (!isOurs(module) || !module.specifier.endsWith(".ts")) continue;
      const text = await Deno.readTextFile(new URL(module.specifier));
      for (const [, path] of text.matchAll(workerProgram)) {
        entries.push(new URL(path!, module.specifier).href);
      }
    }
  }
  return { modules: [...modules.values()], npmPackages };
}

/** The packages that modules import, and those that these need. */
function packagesOf({ modules, npmPackages }: Graph): PackageInfo[] {
  const names = new Set(modules.flatMap(({ npmPackage }) => npmPackage ?? []));
  for (const name of names) npmPackages[name]?.dependencies.forEach((other) => names.add(other)); // which grows
  return [...names].flatMap((name) => npmPackages[name] ?? []);
}

async function copyFile(from: string | URL, to: URL): Promise<void> {
  await Deno.mkdir(new URL(".", to), { recursive: true });
  await Deno.copyFile(from, to);
}

async function copyFolder(from: string, to: URL, isWanted: (name: string) => boolean): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, new URL(`${name}/`, to), isWanted);
    else if (isWanted(name)) await copyFile(`${from}/${name}`, new URL(encodeURIComponent(name), to));
  }
}

/** A package, and what Deno knows of its versions, if it had to ask: a lock file may have told it. */
async function copyPackage({ localPath }: PackageInfo, npmCache: string, cache: URL): Promise<void> {
  const inside = localPath.slice(npmCache.length + 1);
  await copyFolder(localPath, new URL(`npm/${inside}/`, cache), (name) => !leftOut.test(name));
  const registry = `${inside.slice(0, inside.lastIndexOf("/"))}/registry.json`;
  await copyFile(`${npmCache}/${registry}`, new URL(`npm/${registry}`, cache)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** The program that starts the tool; it looks for Deno beside itself first. */
const launcher = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
deno=deno
[ -x "$here/deno" ] && deno="$here/deno"
DENO_DIR="$here/cache" DENO_NO_UPDATE_CHECK=1 exec "$deno" run --quiet --cached-only --no-check --allow-all "$here/cli.ts" "$@"
`;

/** The configuration without what is for those who work on the project, and without packages that are theirs alone. */
async function writeConfiguration({ modules }: Graph, folder: URL): Promise<void> {
  const { name, version, imports, links } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const packed = new Set(modules.flatMap(({ npmPackage }) => npmPackage?.replace(/(?<=.)_.*/, "") ?? []));
  const used = Object.entries(imports as Record<string, string>).filter(([, specifier]) =>
    !specifier.startsWith("npm:") || packed.has(specifier.slice("npm:".length))
  );
  const configuration = { name, version, imports: Object.fromEntries(used), links };
  await Deno.writeTextFile(new URL("deno.json", folder), JSON.stringify(configuration, null, 2));
  await copyFile(new URL("deno.lock", root), new URL("deno.lock", folder));
  for (const link of links as string[]) {
    await copyFile(new URL(`${link}/deno.json`, root), new URL(`${link}/deno.json`, folder));
  }
}

/** Let Deno compile everything once, so that the first start is as fast as all others; it must need no network. */
async function compile(folder: URL): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--cached-only", "--no-check", "--allow-all", "cli.ts", "doctor"],
    cwd: folder,
    env: { DENO_DIR: new URL("cache", folder).pathname },
  }).output();
  if (!success) throw new Error(`What was packed does not run: ${new TextDecoder().decode(stderr)}`);
}

/**
 * Pack the tool.
 *
 * @param folder Where to; it must not be there yet.
 */
export async function pack(folder: URL, { withDeno }: { withDeno: boolean }): Promise<void> {
  await Deno.mkdir(folder);
  const [graph, { npmCache }] = await Promise.all([
    graphOf(new URL("cli.ts", root)),
    ask<Caches>(["info", "--json"]),
  ]);
  for (const { specifier } of graph.modules.filter(isOurs)) {
    await copyFile(new URL(specifier), new URL(specifier.slice(root.href.length), folder));
  }
  const cache = new URL("cache/", folder);
  for (const one of packagesOf(graph)) await copyPackage(one, npmCache, cache);
  for (const name of ["LICENSE", "NOTICE"]) await copyFile(new URL(name, root), new URL(name, folder));
  await writeConfiguration(graph, folder);
  await Deno.writeTextFile(new URL("gradcam", folder), launcher, { mode: 0o755 });
  if (withDeno) await copyFile(Deno.execPath(), new URL("deno", folder));
  await compile(folder);
}

if (import.meta.main) {
  const { values, positionals: [path = "out/gradcam-packed"] } = parseArgs({
    args: Deno.args,
    options: { deno: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const folder = new URL(`${path.replace(/\/*$/, "")}/`, `file://${Deno.cwd()}/`);
  await pack(folder, { withDeno: values.deno });
  console.log(`Packed into ${path}: run ${path.replace(/\/*$/, "")}/gradcam photo.jpg, or gradcam worker`);
}
