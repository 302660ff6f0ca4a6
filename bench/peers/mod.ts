/**
 * The registry of peers: a new one is a file beside this one and a line in {@linkcode peers}.
 *
 * @module
 */
import { aucmedi } from "./aucmedi.ts";
import { onnxruntimeWeb } from "./onnxruntime_web.ts";
import { ours, oursOnGraph, oursOnOneThread } from "./ours.ts";
import type { Peer } from "./peer.ts";
import { pytorchGradCam } from "./pytorch_grad_cam.ts";
import { tfKerasVis } from "./tf_keras_vis.ts";

/** All that is measured, in the order of a round; ours is first, since the others are compared with it. */
export const peers: readonly Peer[] = [
  ours,
  aucmedi,
  pytorchGradCam,
  oursOnGraph,
  tfKerasVis,
  onnxruntimeWeb,
  oursOnOneThread,
];
