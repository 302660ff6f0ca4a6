/** Operations that treat every number alone, and take nothing else that has the picture's axes. */
export const unary: ReadonlySet<string> = new Set([
  "Abs",
  "Cast",
  "ClipByValue",
  "Elu",
  "Erf",
  "Exp",
  "Identity",
  "LeakyRelu",
  "Log",
  "Log1p",
  "Neg",
  "Reciprocal",
  "Relu",
  "Relu6",
  "Rsqrt",
  "Selu",
  "Sigmoid",
  "Softplus",
  "Sqrt",
  "Square",
  "StopGradient",
  "Tanh",
]);

/** Operations that join the numbers at each place of several values, the smaller of which are spread over the larger. */
export const joining: ReadonlySet<string> = new Set([
  "Add",
  "AddN",
  "AddV2",
  "Div",
  "DivNoNan",
  "Maximum",
  "Minimum",
  "Mul",
  "Pow",
  "Prelu",
  "RealDiv",
  "SquaredDifference",
  "Sub",
]);

/** Operations that make one of the numbers along some axes. */
export const reducing: ReadonlySet<string> = new Set(["Max", "Mean", "Min", "Sum"]);

/** Operations that put numbers around a picture, as many as their second input says. */
export const padding: ReadonlySet<string> = new Set(["MirrorPad", "Pad", "PadV2"]);

/** The axes of `[N, C, H, W]` in the order in which `[N, H, W, C]` has them. */
export const toLast: readonly number[] = [0, 2, 3, 1];

/** The axes of `[N, H, W, C]` in the order in which `[N, C, H, W]` has them. */
export const toFirst: readonly number[] = [0, 3, 1, 2];

/** What brings `[N, C, H, W]` to `[N, W, H, C]`, and back. */
export const swapped: readonly number[] = [0, 3, 2, 1];

/** What stands for each axis of `[N, C, H, W]` in the order of `[N, H, W, C]`. */
export function turned<T>(values: readonly T[]): T[] {
  return toLast.map((axis) => values[axis]!);
}

/** Where an axis of `[N, C, H, W]` lies in `[N, H, W, C]`. */
export function turnedAxis(axis: number): number {
  return toLast.indexOf(axis < 0 ? axis + 4 : axis);
}
