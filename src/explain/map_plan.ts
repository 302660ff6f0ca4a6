import type { PlannedMethod } from "./method_map.ts";
import type { MapPlan } from "./progress.ts";

/** The settings that say how much a method tries, in the order in which they are worth a change. */
const sizes: readonly string[] = ["samples", "steps", "channels", "components", "stride"];

/** What several targets will take by methods. */
export function planMaps(methods: readonly PlannedMethod[], targets: number): MapPlan {
  const entries = methods.map(({ method, work }) => [method.name, work * targets] as const);
  return {
    passes: entries.reduce((sum, [, work]) => sum + work, 0),
    methods: Object.fromEntries(entries),
    targets,
  };
}

/** How to ask for less. */
function adviceFor(methods: readonly PlannedMethod[], { targets }: MapPlan): string {
  const taken = sizes.filter((name) =>
    methods.some(({ method }) => Object.hasOwn(method.settings ?? {}, name))
  );
  const larger = taken.filter((name) => name === "stride");
  const fewer = [
    ...taken.filter((name) => name !== "stride"),
    ...targets > 1 ? ["classes"] : [],
    ...methods.length > 1 ? ["methods"] : [],
  ];
  return [
    ...fewer.length > 0 ? [`fewer ${fewer.join(" or ")}`] : [],
    ...larger.length > 0 ? ["a larger stride"] : [],
  ].join(", or ") || "another method";
}

/**
 * Refuse maps that take more than is allowed.
 *
 * @throws {RangeError} If they do.
 */
export function checkPlan(plan: MapPlan, methods: readonly PlannedMethod[], maxPasses: number): void {
  const { passes } = plan;
  if (passes <= maxPasses) return;
  throw new RangeError(
    `Cannot explain by ${
      methods.map(({ method }) => method.name).join(", ")
    }: it takes ${passes} passes of the ` +
      `model, and at most ${maxPasses} are allowed: use ${adviceFor(methods, plan)}`,
  );
}
