/**
 * The registry of peers: a new one is a file beside this one and a line in {@linkcode peers}.
 *
 * @module
 */
import { aucmedi } from "./aucmedi.ts";
import { onnxruntimeWeb } from "./onnxruntime_web.ts";
import { litertOnAllThreads, litertOnOneThread } from "./litert.ts";
import { multiplyAdds } from "./multiply_adds.ts";
import { formerKernels, ours, oursOnGraph, oursOnOneThread, oursOnOnnx } from "./ours.ts";
import type { Peer } from "./peer.ts";
import { pytorchByHand } from "./pytorch_by_hand.ts";
import { pytorchGradCam } from "./pytorch_grad_cam.ts";
import { tfKerasVis } from "./tf_keras_vis.ts";

/** All that is measured, in the order of a round; ours is first, since the others are compared with it. */
export const peers: readonly Peer[] = [
  ours,
  aucmedi,
  pytorchGradCam,
  pytorchByHand,
  formerKernels,
  oursOnOneThread,
  oursOnGraph,
  oursOnOnnx,
  tfKerasVis,
  onnxruntimeWeb,
  litertOnOneThread,
  litertOnAllThreads,
  multiplyAdds,
];
