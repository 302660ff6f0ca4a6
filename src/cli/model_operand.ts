import { quote } from "../base/quote.ts";
import type { Operands } from "./command.ts";
import { UsageError } from "./usage_error.ts";
import type { Values } from "./values.ts";

/** The one operand of a command that is about a model; `modelOptions` has the same as an option. */
export const modelOperand: Operands = { usage: "[MODEL]", min: 0, max: 1, missing: "" };

/**
 * The model that a command is about; `undefined` for the embedded one.
 *
 * @throws {UsageError} When the operand and `--model` both name one.
 */
export function modelOf(values: Values): string | undefined {
  const [operand] = values.operands;
  const option = values.text("model");
  if (operand !== undefined && option !== undefined) {
    throw new UsageError(`Cannot take both ${quote(operand)} and --model ${quote(option)}: name one model`);
  }
  return operand ?? option;
}
