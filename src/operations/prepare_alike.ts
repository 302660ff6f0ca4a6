import { Affine } from "./affine.ts";
import { Linear } from "./linear.ts";
import type { Operation } from "./operation.ts";
import { productOf } from "./prepare.ts";
import type { Weight } from "./weight.ts";

/** The operations of a model that were prepared, by what they give. */
type Prepared = ReadonlyMap<string, Operation>;

function areSame(a: readonly Weight[] | undefined, b: readonly Weight[] | undefined): boolean {
  return a !== undefined && a.length === b?.length && a.every((weight, at) => weight === b[at]);
}

/** Take the coefficients of a batch norm that does the same. */
function takeCoefficients(affine: Affine, prepared: Prepared): void {
  const other = prepared.get(affine.outputs[0]);
  if (!(other instanceof Affine) || !areSame(affine.source.weights, other.source.weights)) return;
  affine.fixed = other.fixed;
}

/** Take the kernel that holds the batch norm after a product, where that is the same. */
function takeFold(linear: Linear, prepared: Prepared, own: Prepared): void {
  const { kernel, bias, output } = linear.parts;
  const other = prepared.get(output);
  if (!(other instanceof Linear) || other.parts.kernel !== kernel || other.parts.bias !== bias) return;
  const { fold } = other.parts;
  const affine = fold && own.get(fold.affine.outputs[0]);
  if (!fold || !(affine instanceof Affine) || affine.inputs[0] !== output) return;
  if (affine.fixed && affine.fixed === fold.affine.fixed) linear.setFold({ ...fold, affine });
}

/** A product as it is, or without its bias, and the bias on its own, where that was done before. */
function separated(linear: Linear, prepared: Prepared): Operation[] {
  const { kernel, bias, output } = linear.parts;
  const product = productOf(output);
  const before = prepared.get(product), shift = prepared.get(output);
  const isSame = before instanceof Linear && before.parts.kernel === kernel && shift instanceof Affine &&
    areSame(bias && [bias], shift.source.weights);
  return isSame ? [linear.with({ output: product, bias: undefined }), shift] : [linear];
}

/**
 * Take over what was computed once for a model, for the same model in a form for pictures of another size: what is made of the
 * same weights is the same. What is not there is left to be computed when it is needed.
 *
 * @param operations All operations of the model in that form.
 * @param prepared What `prepare` gave of those of the model.
 * @returns The operations, ready to be run.
 */
export function prepareAlike(
  operations: readonly Operation[],
  prepared: readonly Operation[],
): Operation[] {
  const byOutput = (list: readonly Operation[]) =>
    new Map(list.flatMap((operation) => operation.outputs.map((id) => [id, operation] as const)));
  const before = byOutput(prepared), own = byOutput(operations);
  for (const operation of operations) if (operation instanceof Affine) takeCoefficients(operation, before);
  return operations.flatMap((operation) => {
    if (!(operation instanceof Linear)) return [operation];
    takeFold(operation, before, own);
    return separated(operation, before);
  });
}
