import type { ModelRequest } from "../session.ts";
import type { Failure } from "./failures.ts";
import type { ThreadAnswer } from "./messages.ts";
import { isWork, type ReadRecord, type RecordName } from "./record.ts";
import { resultStem } from "./result_names.ts";
import type { WorkForce } from "./work_force.ts";

/** What became of a record, and the line that says so. */
export interface Answer {
  readonly name: RecordName;
  /** One line of JSON. */
  readonly text: string;
  /** Why there is no result. */
  readonly failure: Failure | undefined;
  readonly isSkipped: boolean;
}

function tell(name: RecordName, answer: ThreadAnswer, place: string | undefined): Answer {
  const { line, id, pass } = name;
  const head = {
    id,
    line,
    ...(pass !== undefined && { pass }),
    ...(place !== undefined && { photo: place }),
  };
  const failure = "error" in answer ? answer.error : undefined;
  const body = "result" in answer ? answer.result : answer;
  return { name, text: JSON.stringify({ ...head, ...body }), failure, isSkipped: "skipped" in answer };
}

/** Have a record worked on, and say what became of it. */
export async function answerRecord(
  record: ReadRecord,
  force: WorkForce,
  model: ModelRequest,
): Promise<Answer> {
  if (!isWork(record)) return tell(record, { error: record.failure }, undefined);
  const { photo, request: { options, drawing, mask, classes, methods, kinds } } = record;
  const place = typeof photo === "string" ? photo : undefined;
  const stem = await resultStem(record, model); // before the photo's bytes are handed over
  const answer = await force.workOn({
    photo,
    request: { options, drawing, mask, classes, methods },
    kinds: kinds.map(({ name }) => name),
    stem,
  });
  return tell(record, answer, place);
}
