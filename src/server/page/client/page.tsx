/// <reference lib="dom" />
/**
 * The page's script: the state, what follows from it, and what happens outside of its elements.
 *
 * @module
 */
import { render } from "preact";
import { Actions } from "./actions.ts";
import { KeepUp } from "./keep_up.ts";
import { writeLink } from "./state/link.ts";
import { photoOf } from "./state/state.ts";
import { Store } from "./state/store.ts";
import { App } from "./views/app.tsx";

const store = new Store();
const actions = new Actions(store);
const keepUp = new KeepUp(store);
const root = document.getElementById("page")!;

function draw(): void {
  render(<App state={store.state} actions={actions} keepUp={keepUp} />, root);
}

/** The link follows the settings. */
function showLink(): void {
  const link = writeLink(store.state.settings, photoOf(store.state)?.example);
  const address = link === "" ? location.pathname + location.search : `#${link}`;
  if (location.hash.replace(/^#/, "") !== link) history.replaceState(null, "", address);
}

/** Fields that have an undo of their own. */
function hasOwnUndo(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && ["text", "password", "number"].includes(target.type) &&
    target.getAttribute("role") !== "combobox";
}

function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || hasOwnUndo(event.target)) return;
    const act = key === "y" || (key === "z" && event.shiftKey)
      ? () => actions.redo()
      : key === "z"
      ? () => actions.undo()
      : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** The first file that was dropped or pasted. */
function openFirst(files: FileList | undefined): void {
  const file = files?.[0];
  if (file) actions.open(file);
}

function listenToDrops(): void {
  for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const) {
    document.addEventListener(type, (event) => {
      event.preventDefault();
      const isOver = type !== "drop" && !(type === "dragleave" && event.relatedTarget === null);
      document.body.classList.toggle("over", isOver);
      if (type === "drop") openFirst(event.dataTransfer?.files);
    });
  }
  document.addEventListener("paste", (event) => openFirst(event.clipboardData?.files));
}

let frame = 0;
store.subscribe(() => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => {
    draw();
    showLink();
    actions.learnModel();
  });
});
draw();
listenToKeys();
listenToDrops();
addEventListener("hashchange", () => actions.follow(location.hash));
if (location.hash.length > 1) actions.follow(location.hash);
actions.learn();
