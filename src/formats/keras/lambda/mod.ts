/**
 * Lambda layers: loaded where a model has one.
 *
 * @module
 */
export { translateLambda } from "./translate_lambda.ts";
export { unfoldLambdas } from "./unfold.ts";
