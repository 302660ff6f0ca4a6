/**
 * What TensorFlow.js has for graph models.
 *
 * @module
 */
export { GraphModel, loadGraphModel } from "npm:@tensorflow/tfjs-converter@4.22.0";
