/** How an engine tells one of many like processes which of them it is. */
export interface ArrayJob {
  /** What the engine is called. */
  readonly title: string;
  /** The variable that holds its number, */
  readonly index: string;
  /** the number of the first, or the variable that holds it, */
  readonly first: number | string;
  /** and the variable that holds how many there are; left out where there is none. */
  readonly count?: string;
}

/** All that are known. */
export const arrayJobs: readonly ArrayJob[] = [
  { title: "Kubernetes indexed jobs", index: "JOB_COMPLETION_INDEX", first: 0, count: "JOB_COMPLETIONS" },
  { title: "Google Cloud Run jobs", index: "CLOUD_RUN_TASK_INDEX", first: 0, count: "CLOUD_RUN_TASK_COUNT" },
  { title: "Google Batch", index: "BATCH_TASK_INDEX", first: 0, count: "BATCH_TASK_COUNT" },
  {
    title: "AWS Batch array jobs",
    index: "AWS_BATCH_JOB_ARRAY_INDEX",
    first: 0,
    count: "AWS_BATCH_JOB_ARRAY_SIZE",
  },
  {
    title: "Slurm job arrays",
    index: "SLURM_ARRAY_TASK_ID",
    first: "SLURM_ARRAY_TASK_MIN",
    count: "SLURM_ARRAY_TASK_COUNT",
  },
  { title: "PBS job arrays", index: "PBS_ARRAY_INDEX", first: 0 },
  { title: "Grid Engine array jobs", index: "SGE_TASK_ID", first: "SGE_TASK_FIRST" },
];

/** The variables that tell of array jobs. */
export const arrayJobVariables: readonly string[] = arrayJobs.flatMap((job) =>
  [job.index, job.first, job.count].filter((name) => typeof name === "string")
);

/** What an engine says of a process. */
export interface ToldShard {
  readonly title: string;
  /** Which it is, from 0. */
  readonly index: number;
  /** How many there are; `undefined` where the engine does not say. */
  readonly count: number | undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * What the engine that started this process says of it.
 *
 * @param variable Gives the value of an environment variable, where there is one.
 */
export function toldShard(variable: (name: string) => string | undefined): ToldShard | undefined {
  for (const { title, index, first, count } of arrayJobs) {
    const number = wholeNumber(variable(index));
    if (number === undefined) continue;
    const least = typeof first === "number" ? first : wholeNumber(variable(first)) ?? 0;
    return {
      title,
      index: number - least,
      count: count === undefined ? undefined : wholeNumber(variable(count)),
    };
  }
  return undefined;
}
