/**
 * Spark as an operator prepares it once for short jobs, most of whose time is the start of Java and Python.
 *
 * - An archive of the classes that jobs load (class data sharing): each of a job's Java machines starts in half the time.
 * - No `python/lib/pyspark.zip`: Python compiles what it imports from an archive anew in each process, and takes a second
 *   for it, while the installed package is compiled.
 *
 * @module
 */
import { environment, type SparkTools } from "./cluster.ts";

const warmUp = new URL("warm_up.py", import.meta.url).pathname;

/** Run a small job in one process, which leaves the classes that it has loaded in an archive. */
async function archiveClasses(tools: SparkTools, archive: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(`${tools.home}/bin/spark-submit`, {
    args: ["--master", "local[1]", "--conf", "spark.ui.enabled=false", warmUp, `${archive}.parquet`],
    env: { ...environment(tools), SPARK_SUBMIT_OPTS: `-XX:ArchiveClassesAtExit=${archive}` },
    stdout: "null",
  }).output();
  if (success) return;
  throw new Error(`Spark does not run: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
}

/**
 * Prepare Spark in a folder.
 *
 * @param tools Where it is installed.
 * @param folder Where the prepared one goes; it must not be there yet.
 * @throws {Error} If Spark does not run.
 */
export async function prepareSpark(tools: SparkTools, folder: string): Promise<SparkTools> {
  const home = `${folder}/home`, archive = `${folder}/classes.jsa`;
  await Deno.mkdir(home, { recursive: true });
  for (const name of ["bin", "jars"]) await Deno.symlink(`${tools.home}/${name}`, `${home}/${name}`);
  await archiveClasses({ ...tools, home }, archive);
  return { ...tools, home, archive };
}
