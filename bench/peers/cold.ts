/**
 * Cold times: from the shell to the written overlay in a process of its own, all in turn; and many photos at once.
 *
 * @module
 */
import { photo } from "./files.ts";
import type { Network } from "./networks.ts";
import type { Peer, Setting } from "./peer.ts";
import { denoCommand, type Ended, runToEnd } from "./process.ts";
import { progress } from "./progress.ts";

/** The runs of one program. */
export interface ColdSeries {
  /** The peer's name, or the arguments. */
  readonly name: string;
  /** Each run. */
  readonly runs: Pick<Ended, "ms" | "megabytes">[];
}

/** How many photos a batch has. */
export const batchSize = 200;

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(`${folder}/`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Measure the way from photo to overlay of all peers that have one.
 *
 * @param leftOut Where to put a line for each that fails.
 */
export async function measureCold(
  network: Network,
  peers: readonly Peer[],
  rounds: number,
  setting: Setting,
  leftOut: string[],
): Promise<ColdSeries[]> {
  return await inTemporaryFolder(async (out) => {
    const programs: (ColdSeries & { run: () => Promise<Ended> })[] = [];
    for (const peer of peers) {
      if (!peer.cold) continue;
      try {
        const command = await peer.cold(network, setting, out);
        await runToEnd(command); // the first fills the system's caches
        programs.push({ name: peer.name, runs: [], run: () => runToEnd(command) });
      } catch (error) {
        leftOut.push(`${peer.name}, cold: ${(error as Error).message}`);
        progress(`Left out: ${leftOut.at(-1)}`);
      }
    }
    for (let round = 1; round <= rounds; round++) {
      if (round % 5 === 1) progress(`Cold: round ${round} of ${rounds}`);
      for (const { run, runs } of programs) runs.push(await run());
    }
    return programs.map(({ name, runs }) => ({ name, runs }));
  });
}

/** A folder of copies of the photos in testdata. */
async function copyPhotos(folder: string): Promise<void> {
  const photos = [photo, new URL("coffee.png", photo)];
  await Deno.mkdir(folder);
  for (let index = 0; index < batchSize; index++) {
    await Deno.copyFile(photos[index % photos.length]!, `${folder}/${String(index).padStart(4, "0")}.png`);
  }
}

/** Measure many photos with one job, with one on one thread, and with a job for each core. */
export async function measureBatches(rounds: number, cores: number): Promise<ColdSeries[]> {
  return await inTemporaryFolder(async (folder) => {
    await copyPhotos(`${folder}photos`);
    const cli = new URL("../../cli.ts", import.meta.url);
    const ways = [["--jobs", "1"], ["--jobs", `${cores}`], ["--jobs", "1", "--threads", "1"]];
    const series = ways.map((way) => ({
      name: way.join(" "),
      runs: [] as Pick<Ended, "ms" | "megabytes">[],
      way,
    }));
    for (let round = 1; round <= rounds; round++) {
      if (round % 5 === 1) progress(`${batchSize} photos: round ${round} of ${rounds}`);
      for (const { way, runs } of series) {
        if (way.includes("--threads") && round % 3 !== 1) continue; // for comparison alone
        runs.push(
          await runToEnd(denoCommand(cli, `${folder}photos`, "--out", `${folder}out/`, "--quiet", ...way)),
        );
      }
    }
    return series.map(({ name, runs }) => ({ name, runs }));
  });
}
