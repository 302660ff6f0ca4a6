export { convolve, packWeights } from "./convolution";
export { convolveDepthwise } from "./depthwise";
export { clear, padRows } from "./pad";
export { rectifyBack } from "./rectifier";
export { addNumbers } from "./sum";
export { multiplyVector } from "./vector";
export { convolveWinograd, transformWeights } from "./winograd";
