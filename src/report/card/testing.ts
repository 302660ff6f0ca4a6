/**
 * Evidence that never was, for tests of how it is judged and shown. It is not published.
 *
 * @module
 */
import type { TrustEvidence } from "./evidence.ts";
import type { TrustCardRecord } from "./record.ts";
import { findingsOf, judgeMap, limits } from "./verdict.ts";

const x = Array.from({ length: 51 }, (_, at) => at / 50);

function falling(name: string, speed: number) {
  return { name, x, y: x.map((at) => 0.77 * Math.exp(-speed * at)) };
}

function rising(name: string, speed: number) {
  return { name, x, y: x.map((at) => 0.77 * (1 - Math.exp(-speed * at)) / (1 - Math.exp(-speed))) };
}

/** Evidence that speaks for a map in all respects, with changes. */
export function madeUpEvidence(changes: Partial<TrustEvidence> = {}): TrustEvidence {
  return {
    diagnosis: "ok",
    advice: "",
    deletion: {
      value: 0.12,
      random: 0.41,
      whole: 0.77,
      curve: falling("deletion", 6),
      randomCurve: falling("deletion", 1.5),
    },
    insertion: {
      value: 0.62,
      random: 0.35,
      whole: 0.77,
      curve: rising("insertion", 6),
      randomCurve: rising("insertion", 0.5),
    },
    shift: { value: 0.94 },
    jpeg: { value: 0.97 },
    randomisation: { value: 0.11 },
    ...changes,
  };
}

/** A card of it. */
export function madeUpCard(changes: Partial<TrustEvidence> = {}): TrustCardRecord {
  const evidence = madeUpEvidence(changes);
  const findings = findingsOf(evidence);
  const explained = { classIndex: 285, label: "Egyptian cat", score: 0.771 };
  const names = ["tabby", "tiger cat", "lynx", "Siamese cat"];
  return {
    explained,
    scores: [
      explained,
      ...names.map((label, at) => ({ classIndex: 281 + at, label, score: 0.1 / (at + 1) })),
    ],
    verdict: judgeMap(findings),
    findings,
    evidence,
    limits,
    warnings: [],
    origin: {
      photo: "chelsea.png",
      model: "efficientnet-lite0",
      modelHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      layer: "head_relu",
      method: "gradcam",
      methodTitle: "Grad-CAM",
      score: "output",
      backend: "wasm",
      versions: { gradcam: "0.1.0", tfjs: "4.22.0", deno: "2.9.6" },
      seed: 0,
      date: "2031-05-01",
    },
  };
}
