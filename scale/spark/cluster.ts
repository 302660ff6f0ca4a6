/**
 * A Spark cluster on this machine alone: a master and workers as processes on loopback, and jobs that run on it.
 *
 * @module
 */

/** What runs Spark. */
export interface SparkTools {
  /** Where pyspark is installed. */
  readonly home: string;
  /** The Python that runs jobs. */
  readonly python: string;
  /** An archive of the classes that jobs load, where one was made. */
  readonly archive?: string;
  /** What jobs find in their environment besides. */
  readonly variables?: Readonly<Record<string, string>>;
}

async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args: [...args], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The Python to look for pyspark in: of the environment, else one that was made in the cache for it. */
function pythonOfSpark(): string {
  const cache = Deno.env.get("GRADCAM_CACHE");
  return Deno.env.get("SPARK_PYTHON") ?? (cache === undefined ? "python3" : `${cache}/spark/bin/python`);
}

/** Find Java and pyspark, or say why there is no Spark. */
export async function findSpark(): Promise<SparkTools | string> {
  if (Deno.build.os !== "linux") return "the cluster's processes are looked for in /proc";
  if (await output("java", ["-version"]) === undefined) return "there is no Java";
  const python = pythonOfSpark();
  const home = await output(python, ["-c", "import pyspark; print(pyspark.__path__[0])"]);
  return home === undefined ? `${python} has no pyspark: set SPARK_PYTHON` : { home, python };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** What all of Spark's processes find in their environment. */
export function environment({ home, python, archive, variables = {} }: SparkTools): Record<string, string> {
  // Six Java machines start on a few cores, for minutes of little work: they are not worth being optimised.
  const java = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];
  if (archive !== undefined) java.push(`-XX:SharedArchiveFile=${archive}`);
  return {
    ...variables,
    SPARK_HOME: home,
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_NO_DAEMONIZE: "1",
    JAVA_TOOL_OPTIONS: java.join(" "),
    PYSPARK_PYTHON: python,
    PYSPARK_DRIVER_PYTHON: python,
    PATH: `${python.replace(/[^/]*$/, "")}:${Deno.env.get("PATH")}`,
  };
}

/** How a job ended. */
export interface JobEnding {
  readonly code: number;
  readonly said: string;
  readonly seconds: number;
}

/** A cluster that runs. */
export class Cluster {
  readonly #tools: SparkTools;
  readonly #url: string;
  readonly #processes: Deno.ChildProcess[];

  private constructor(tools: SparkTools, url: string, processes: Deno.ChildProcess[]) {
    this.#tools = tools;
    this.#url = url;
    this.#processes = processes;
  }

  /**
   * Start a master and its workers, and wait until they know each other.
   *
   * @param folder What they write goes there.
   * @param workers How many, of one core each.
   * @throws {Error} If that takes more than a minute.
   */
  static async start(tools: SparkTools, folder: string, workers: number): Promise<Cluster> {
    const [port, page] = [freePort(), freePort()];
    const url = `spark://127.0.0.1:${port}`;
    const begin = (name: string, args: readonly string[]) =>
      new Deno.Command(`${tools.home}/bin/spark-class`, {
        args: [`org.apache.spark.deploy.${name}`, "--host", "127.0.0.1", ...args],
        cwd: folder,
        env: environment(tools),
        stdout: "null",
        stderr: "null",
      }).spawn();
    const master = begin("master.Master", ["--port", `${port}`, "--webui-port", `${page}`]);
    const others = Array.from(
      { length: workers },
      (_, at) =>
        begin("worker.Worker", [
          "--webui-port",
          "0",
          "--cores",
          "1",
          "--memory",
          "1g",
          "--work-dir",
          `${folder}/worker-${at}`,
          url,
        ]),
    );
    const cluster = new Cluster(tools, url, [master, ...others]);
    try {
      await cluster.#waitFor(workers, `http://127.0.0.1:${page}/json/`);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Wait until the master tells of so many workers. */
  async #waitFor(workers: number, page: string): Promise<void> {
    for (let tries = 0; tries < 240; tries++) {
      const state = await fetch(page).then((response) => response.json()).catch(() => undefined);
      if (state?.aliveworkers === workers) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error("Spark's workers did not come up within a minute");
  }

  /**
   * Run a job to its end.
   *
   * @param job The file of the job, and its arguments.
   */
  async submit(job: readonly string[]): Promise<JobEnding> {
    const start = performance.now();
    const settings = ["spark.ui.enabled=false", "spark.executor.cores=1", "spark.log.level=WARN"];
    const { code, stdout, stderr } = await new Deno.Command(`${this.#tools.home}/bin/spark-submit`, {
      args: ["--master", this.#url, ...settings.flatMap((setting) => ["--conf", setting]), ...job],
      env: environment(this.#tools),
    }).output();
    const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, said: `${out}${error}`, seconds: (performance.now() - start) / 1000 };
  }

  /** Kill one of the workers, as if its machine had failed. */
  killWorker(): void {
    this.#processes.at(-1)!.kill("SIGKILL");
  }

  /** End all of its processes. */
  async stop(): Promise<void> {
    for (const process of this.#processes) {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has been killed before.
      }
    }
    await Promise.all(this.#processes.map(({ status }) => status));
  }
}
