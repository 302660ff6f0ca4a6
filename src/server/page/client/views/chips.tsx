/// <reference lib="dom" />
/** Something to choose among a few. */
export interface Chip {
  readonly value: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Options of {@linkcode Chips}. */
export interface ChipsProps {
  /** Tells its radio buttons from others. */
  readonly name: string;
  readonly chips: readonly Chip[];
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
}

/** A few things of which one is chosen: radio buttons. */
export function Chips({ name, chips, value, onChoose }: ChipsProps) {
  return (
    <div class="chips">
      {chips.map((chip) => (
        <label key={chip.value} class="chip" title={chip.hint}>
          <input
            type="radio"
            name={name}
            value={chip.value}
            class="unseen"
            checked={chip.value === value}
            onChange={() => onChoose(chip.value)}
          />
          <span>{chip.label}</span>
          {chip.hint && <small>{chip.hint}</small>}
        </label>
      ))}
    </div>
  );
}
