/**
 * TensorFlow.js, and its version, for all of this package: those of its parts that every model needs. `@tensorflow/tfjs`, which
 * has the same parts and others, takes longer to load; `tfjs_graphs.ts` is what graph models need besides. Packages are named
 * in full, as here: a program that was installed from a checkout has no import map.
 *
 * @module
 */
import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
import "./tensor_methods.ts";

export * from "npm:@tensorflow/tfjs-core@4.22.0";
export * from "npm:@tensorflow/tfjs-layers@4.22.0";
export type { GraphModel } from "npm:@tensorflow/tfjs-converter@4.22.0";
