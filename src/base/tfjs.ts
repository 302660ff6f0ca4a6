/**
 * TensorFlow.js, and its version, for all of this package. Packages are named in full, as here: a program that was installed
 * from a checkout has no import map.
 *
 * @module
 */
export * from "npm:@tensorflow/tfjs@4.22.0";
