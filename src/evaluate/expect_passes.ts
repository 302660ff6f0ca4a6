import { expectPlan } from "../explain/expected_plan.ts";
import type { GradcamOptions } from "../explain/gradcam_options.ts";
import { findMethod, type MethodName } from "../methods/mod.ts";
import type { MethodSettings } from "../methods/settings.ts";
import type { ExplainableModel } from "../split/model.ts";

/** What a map of a method takes. */
export interface MethodPasses {
  /** The method's name, or a control's. */
  readonly method: string;
  /** How often the model is run, forwards or back, its first run among them: the mean over models and layers. */
  readonly passes: number;
}

/** The settings that a method takes. */
function settingsFor(name: MethodName, settings: MethodSettings = {}): MethodSettings {
  const { settings: taken = {} } = findMethod(name);
  return Object.fromEntries(Object.entries(settings).filter(([key]) => Object.hasOwn(taken, key)));
}

/**
 * What maps will take, as far as the models' shapes tell.
 *
 * @param models The models.
 * @param methods The methods.
 * @param options What is asked of each photo; `layers` names the layers.
 */
export function expectPasses(
  models: readonly ExplainableModel[],
  methods: readonly MethodName[],
  { layers, settings, ...options }: Omit<GradcamOptions, "method" | "layer"> & {
    readonly layers?: readonly string[] | undefined;
  },
): MethodPasses[] {
  const places = models.flatMap((model) => (layers ?? [undefined]).map((layer) => ({ model, layer })));
  return methods.flatMap((method) => {
    const told = settingsFor(method, settings);
    const plans = places.map(({ model, layer }) =>
      expectPlan(model, { ...options, method, layer, settings: told }, 1)?.passes
    ).filter((passes) => passes !== undefined);
    if (plans.length === 0) return [];
    return [{ method, passes: Number((1 + plans.reduce((a, b) => a + b, 0) / plans.length).toFixed(2)) }];
  });
}
