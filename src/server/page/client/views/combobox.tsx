/// <reference lib="dom" />
import { useId, useRef, useState } from "preact/hooks";

/** Something that can be found and chosen. */
export interface Option {
  readonly value: string;
  readonly label: string;
  /** What stands behind it, such as its size. */
  readonly hint?: string | undefined;
}

/** Options of {@linkcode Combobox}. */
export interface ComboboxProps {
  readonly label: string;
  readonly options: readonly Option[];
  /** What is chosen. */
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
}

/** As many as are listed at a time. */
const mostListed = 60;

/** The options that hold a text: those that begin with it first. */
export function findOptions(options: readonly Option[], text: string): Option[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [...options];
  const rank = ({ label, value }: Option) => {
    const at = label.toLowerCase().indexOf(wanted);
    if (value === wanted || at === 0) return 0;
    return at < 0 ? Infinity : /[\s/_-]/.test(label[at - 1]!) ? 1 : 2;
  };
  return options.map((option) => ({ option, rank: rank(option) })).filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank).map(({ option }) => option);
}

function countText(found: number, listed: number): string {
  if (found === 0) return "None is called so";
  return found > listed ? `The first ${listed} of ${found}: type to narrow them down` : `${found} found`;
}

/** A field that finds one of many by a part of its name: the combobox of ARIA's practices, with a list. */
export function Combobox({ label, options, value, onChoose }: ComboboxProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>(); // undefined: closed, and the chosen one stands there
  const [active, setActive] = useState(0);
  const isOpen = typed !== undefined;
  const chosen = options.find((option) => option.value === value);
  const found = isOpen ? findOptions(options, typed) : [];
  const listed = found.slice(0, mostListed);

  const close = () => setTyped(undefined);
  const pick = (option: Option | undefined) => {
    if (!option) return;
    close();
    onChoose(option.value);
  };
  const open = () => {
    setTyped("");
    setActive(Math.max(options.slice(0, mostListed).findIndex((option) => option.value === value), 0));
  };
  const go = (to: number) => {
    if (!isOpen) return open();
    const next = Math.min(Math.max(to, 0), listed.length - 1);
    setActive(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => go(active + 1),
    ArrowUp: () => go(active - 1),
    PageDown: () => go(active + 8),
    PageUp: () => go(active - 8),
    Enter: () => isOpen ? pick(listed[active]) : open(),
    Escape: close,
  };

  return (
    <div class="combobox">
      <label for={`${id}-field`}>{label}</label>
      <input
        ref={field}
        id={`${id}-field`}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen && listed.length > 0 ? `${id}-${active}` : undefined}
        value={typed ?? chosen?.label ?? ""}
        placeholder={chosen ? chosen.label : "Search"}
        onClick={() => isOpen || open()}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setActive(0);
        }}
        onBlur={close}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          act();
        }}
      />
      <div class="popup" hidden={!isOpen} onMouseDown={(event) => event.preventDefault()}>
        <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={listed.length === 0}>
          {listed.map((option, place) => (
            <li
              key={option.value}
              id={`${id}-${place}`}
              role="option"
              aria-selected={option.value === value}
              class={place === active ? "active" : ""}
              onClick={() => pick(option)}
            >
              <span>{option.label}</span>
              {option.hint && <span class="quiet">{option.hint}</span>}
            </li>
          ))}
        </ul>
        <p class="quiet" role="status">{isOpen && countText(found.length, listed.length)}</p>
      </div>
    </div>
  );
}
