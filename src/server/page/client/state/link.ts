import { colormaps } from "../../../../draw/colormaps/mod.ts";
import { opacities } from "../../../../draw/opacity.ts";
import { firstSettings, type Settings, type Side } from "./settings.ts";

/** What a link says: settings without their photo, and which example it shows. */
export interface Linked {
  readonly settings: Settings;
  readonly example: string | undefined;
}

const inputPrefix = "inputs.";
const toldPrefix = "set.";
const sides: readonly Side[] = ["class", "layer", "method"];

/**
 * The settings as the part of a link behind its `#`; what is as at first is left out.
 *
 * @param settings The settings.
 * @param example The example's name, where one is shown: photos of people's own stay with them.
 */
export function writeLink(settings: Settings, example: string | undefined): string {
  const { model, classIndex, versus, layer, method, comparison } = settings;
  const { colormap, opacity, alpha, contour, exact, inputs, told } = settings;
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["example", example],
    ["model", model],
    ["class", classIndex?.toString()],
    ["versus", versus?.toString()],
    ["layer", layer],
    ["method", method],
    ...Object.entries(told).map(([name, value]) => [toldPrefix + name, value || undefined] as const),
    ["compare", comparison && `${comparison.by}:${comparison.value}`],
    ["colormap", colormap],
    ["opacity", opacity === firstSettings.opacity ? undefined : opacity],
    ["alpha", alpha?.toString()],
    ["contour", contour ? "true" : undefined],
    ["exact", exact ? "true" : undefined],
    ...Object.entries(inputs).map(([name, value]) => [inputPrefix + name, value || undefined] as const),
  ];
  const given = parts.filter((part): part is [string, string] => part[1] !== undefined);
  return new URLSearchParams(given).toString();
}

/** A number that lies within bounds, if a text is one. */
function numberIn(text: string | null, least: number, most: number): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function oneOf(text: string | null, names: readonly { readonly name: string }[], usual: string): string {
  return names.some(({ name }) => name === text) ? text! : usual;
}

function readComparison(text: string | null): Settings["comparison"] {
  const [by = "", ...rest] = text?.split(":") ?? [];
  const side = sides.find((known) => known === by);
  return side && rest.join(":") !== "" ? { by: side, value: rest.join(":") } : undefined;
}

/** Read the part of a link behind its `#`. What cannot be is as at first: links are written by anybody. */
export function readLink(hash: string): Linked {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const index = numberIn(given.get("class"), 0, 1e7);
  const versus = numberIn(given.get("versus"), 0, 1e7);
  const behind = (prefix: string) =>
    Object.fromEntries(
      [...given].filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    );
  return {
    example: given.get("example") ?? undefined,
    settings: {
      model: given.get("model") ?? undefined,
      classIndex: Number.isInteger(index) ? index : undefined,
      versus: Number.isInteger(versus) ? versus : undefined,
      layer: given.get("layer") ?? undefined,
      method: given.get("method") ?? undefined,
      comparison: readComparison(given.get("compare")),
      colormap: colormaps.find(({ name }) => name === given.get("colormap"))?.name,
      opacity: oneOf(given.get("opacity"), opacities, firstSettings.opacity),
      alpha: numberIn(given.get("alpha"), 0, 1),
      contour: given.get("contour") === "true",
      exact: given.get("exact") === "true",
      told: behind(toldPrefix),
      inputs: behind(inputPrefix),
    },
  };
}
