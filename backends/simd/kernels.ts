/** What follows a sum: values below 0 times a slope, then held to a range. */
export type ActivationNumbers = readonly [slope: number, low: number, high: number];

/**
 * What the WebAssembly module exports; addresses and steps are in bytes, all else in elements. Its sources in
 * `assembly/` say more.
 */
export interface KernelExports {
  /** A convolution of what lies between its padding, or a product of matrices: one row of pixels and one tap. */
  convolve(
    y0: number,
    y1: number,
    x0: number,
    x1: number,
    from: number,
    rowStep: number,
    pixelStep: number,
    lines: number,
    lineStep: number,
    runs: number,
    runBytes: number,
    runStep: number,
    weights: number,
    channels: number,
    to: number,
    toRow: number,
    toStep: number,
    bias: number,
    addend: number,
    ...activation: ActivationNumbers
  ): void;
  /** Weights `[taps, channels]` in the order in which `convolve` reads them. */
  packWeights(taps: number, channels: number, from: number, step: number, to: number): void;
  /** Likewise the transpose of weights `[channels, taps]`. */
  packTransposed(taps: number, channels: number, from: number, step: number, to: number): void;
  /** A convolution with 3×3 taps, stride 1, after Winograd. */
  convolveWinograd(
    from: number,
    inputs: number,
    weights: number,
    matrix: number,
    outputs: number,
    to: number,
    outPixel: number,
    height: number,
    width: number,
    scratch: number,
    tiles: number,
    bias: number,
    addend: number,
    ...activation: ActivationNumbers
  ): void;
  /** Weights `[3, 3, inputs, outputs]` as `convolveWinograd` takes them. */
  transformWeights(
    inputs: number,
    outputs: number,
    weights: number,
    step: number,
    to: number,
    plane: number,
  ): void;
  /** Likewise in larger tiles. */
  convolveWinograd4(...numbers: Parameters<KernelExports["convolveWinograd"]>): void;
  transformWeights4(
    inputs: number,
    outputs: number,
    weights: number,
    step: number,
    to: number,
    plane: number,
    scratch: number,
  ): void;
  /** A vector times a matrix `[taps, channels]`, or some of its columns, as it is. */
  multiplyVector(
    taps: number,
    channels: number,
    x: number,
    weights: number,
    step: number,
    to: number,
    bias: number,
    ...activation: ActivationNumbers
  ): void;
  /** A convolution of each channel on its own. */
  convolveDepthwise(
    from: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    strideY: number,
    strideX: number,
    lines: number,
    lineGap: number,
    taps: number,
    tapGap: number,
    weights: number,
    to: number,
    toRow: number,
    toStep: number,
    outHeight: number,
    outWidth: number,
    bias: number,
    ...activation: ActivationNumbers
  ): void;
  /** The way back over a rectifier, and over what multiplies each channel before it. */
  rectifyBack(
    pixels: number,
    channels: number,
    gradient: number,
    output: number,
    to: number,
    scale: number,
    max: number,
  ): void;
  /** Sums of two rows of numbers. */
  addNumbers(count: number, a: number, b: number, to: number): void;
  /** A matrix `[rows, columns]` with its axes exchanged. */
  transposeMatrix(
    rows: number,
    columns: number,
    from: number,
    step: number,
    to: number,
    toStep: number,
  ): void;
  /** Runs of numbers, found along three axes, one after the other. */
  copyRuns(
    count0: number,
    step0: number,
    count1: number,
    step1: number,
    count2: number,
    step2: number,
    bytes: number,
    from: number,
    to: number,
  ): void;
  /** Softmax of each row. */
  softmaxRows(rows: number, channels: number, from: number, to: number): void;
  /** The way back over it, by what it gave. */
  softmaxRowsBack(rows: number, channels: number, gradient: number, output: number, to: number): void;
  /** Rows with mean and deviation taken out, times a scale and with a shift. */
  normalizeRows(
    rows: number,
    channels: number,
    from: number,
    to: number,
    scale: number,
    shift: number,
    epsilon: number,
    isCentred: number,
  ): void;
  /** The way back over it, by what it took. */
  normalizeRowsBack(
    rows: number,
    channels: number,
    x: number,
    gradient: number,
    to: number,
    scale: number,
    epsilon: number,
    isCentred: number,
  ): void;
  /** The Gaussian error linear unit of each number, or its approximation by tanh. */
  applyGelu(count: number, from: number, to: number, isBent: number): void;
  /** The way back over it, by what it took. */
  geluBack(count: number, x: number, gradient: number, to: number, isBent: number): void;
  /** Zeros. */
  clear(to: number, bytes: number): void;
  /** Some rows of a picture with zeros around them. */
  padRows(
    y0: number,
    y1: number,
    height: number,
    rowBytes: number,
    before: number,
    after: number,
    from: number,
    to: number,
  ): void;
}

/** Which of the two builds runs: with multiply-adds that round once, or without. */
export type KernelBuild = "relaxed" | "plain";

/** The kernels on some memory. */
export interface LoadedKernels {
  readonly build: KernelBuild;
  readonly module: WebAssembly.Module;
  readonly exports: KernelExports;
}
