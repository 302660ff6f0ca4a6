/** What two maps that stand side by side differ in. */
export type Side = "class" | "layer" | "method";

/** What the second map shows instead. */
export interface Comparison {
  readonly by: Side;
  /** The class's index, the layer's path, or the method's name. */
  readonly value: string;
}

/** Everything that a person can choose, and undo. A link holds all of it but the photo. */
export interface Settings {
  /** Which of the photos; none yet if left out. */
  readonly photo?: number | undefined;
  /** The model's id; the server's first if left out. */
  readonly model?: string | undefined;
  /** The class from 0; the best if left out. */
  readonly classIndex?: number | undefined;
  /** The class that it is compared with: why the one and not this. */
  readonly versus?: number | undefined;
  /** The layer's path; the model's default if left out. */
  readonly layer?: string | undefined;
  /** The method's name; the server's first if left out. */
  readonly method?: string | undefined;
  /** What methods are told, by the names of their settings. */
  readonly told: Readonly<Record<string, string>>;
  readonly comparison?: Comparison | undefined;
  /** The colour map's name; the one that suits the map if left out. */
  readonly colormap?: string | undefined;
  readonly opacity: string;
  /** The largest opacity, 0 to 1; as usual for the kind of opacity if left out. */
  readonly alpha?: number | undefined;
  readonly contour: boolean;
  /** Whether photos are sent as they are. */
  readonly exact: boolean;
  /** Values of the model's other inputs that are numbers, by name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** What is chosen at first. */
export const firstSettings: Settings = Object.freeze({
  opacity: "map",
  contour: false,
  exact: false,
  told: Object.freeze({}),
  inputs: Object.freeze({}),
});
