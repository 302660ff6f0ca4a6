export { convolve, packWeights } from "./convolution";
export { convolveDepthwise } from "./depthwise";
export { padRows } from "./pad";
export { multiplyVector } from "./vector";
export { convolveWinograd, transformWeights } from "./winograd";
