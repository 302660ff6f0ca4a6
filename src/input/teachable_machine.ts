import { type Preprocessing, preprocessings } from "./preprocess.ts";

/** How Teachable Machine's own library makes its input: it crops the middle and scales to −1 … 1. */
export const teachableMachine: Preprocessing = {
  ...preprocessings.tf,
  name: "teachable-machine",
  fit: "crop",
};
