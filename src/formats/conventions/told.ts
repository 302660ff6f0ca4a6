import type { ModelRecord } from "../../split/model.ts";

/** What a file beside a model, or a note inside it, tells about it. */
export interface Told extends Pick<ModelRecord, "labels" | "preprocessing" | "preprocessingFrom"> {
  /** Whether the classes are ImageNet's 1,000, where they are not named. */
  readonly isOfImageNet?: boolean;
}
