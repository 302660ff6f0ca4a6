/**
 * The registry of the report's sections, in their order; a new one is a file beside this one and a line in the list.
 *
 * @module
 */
import type { ReportSection } from "../section.ts";
import { choiceSection } from "./choice.ts";
import { comparisonsSection } from "./comparisons.ts";
import { conclusionsSection } from "./conclusions.ts";
import { costSection } from "./cost.ts";
import { curvesSection } from "./curves.ts";
import { examplesSection } from "./examples.ts";
import { metricsSection } from "./metrics.ts";
import { originSection } from "./origin.ts";
import { overviewSection } from "./overview.ts";

/** All sections. */
export const sections: readonly ReportSection[] = Object.freeze([
  conclusionsSection,
  choiceSection,
  overviewSection,
  metricsSection,
  comparisonsSection,
  curvesSection,
  examplesSection,
  costSection,
  originSection,
]);
