/**
 * What the page does: send the photo, show the scores, lay the heatmap over the photo.
 *
 * The heatmap comes once, at full opacity; the slider blends it in the browser, as the overlay is blended on the
 * server. Names and messages are set as text, never as markup.
 */
export const pageScript: string = `
const byId = (id) => document.getElementById(id);
const [drop, chooser, status, result] = ["drop", "chooser", "status", "result"].map(byId);
const [photo, heat, classes, notes, how] = ["photo", "heat", "classes", "notes", "how"].map(byId);
const [layer, colormap, opacity, format, save] = ["layer", "colormap", "opacity", "format", "save"].map(byId);
const others = byId("others");
let file, chosenClass, running, explained;

function say(text, isError = false) {
  status.textContent = text;
  status.classList.toggle("error", isError);
}

async function ask(parameters, signal) {
  const form = new FormData();
  form.append("photo", file);
  for (const [name, value] of parameters) form.append(name, value);
  const response = await fetch("explain", { method: "POST", body: form, signal });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ detail: response.statusText }));
  throw new Error(problem.detail);
}

function wishes() {
  const wanted = [["colormap", colormap.value], ["layer", layer.value]];
  if (chosenClass !== undefined) wanted.push(["class", chosenClass]);
  if (explained !== undefined) wanted.push(["input", explained]);
  for (const { name, files, value } of others.querySelectorAll("input")) {
    if (files ? files.length > 0 : value.trim() !== "") wanted.push([name, files ? files[0] : value]);
  }
  return wanted;
}

function showImage(image, blob) {
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(blob);
  return image.decode();
}

function nameOf({ label, classIndex }, { unit }) {
  return label ?? (unit === "regression" ? "the number" : "class " + classIndex);
}

function scoreOf({ score, probability }) {
  return score.toFixed(3) + (probability === undefined ? "" : " (probability " + probability.toFixed(3) + ")");
}

function listClasses(explanation) {
  const { scores, maps: [shown] } = explanation;
  const listed = scores.some((score) => score.classIndex === shown.classIndex) ? scores : [...scores, shown];
  classes.replaceChildren(...listed.map((entry) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(entry.classIndex === shown.classIndex));
    const name = document.createElement("span"), score = document.createElement("span");
    name.textContent = nameOf(entry, explanation);
    score.textContent = scoreOf(entry);
    button.append(name, score);
    const share = entry.probability ?? entry.score;
    if (share >= 0 && share <= 1) {
      const meter = document.createElement("meter");
      meter.value = share;
      meter.setAttribute("aria-hidden", "true");
      button.append(meter);
    }
    button.addEventListener("click", () => { chosenClass = entry.classIndex; explain(); });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function showNotes({ maps: [shown], warnings }) {
  const lines = shown.diagnosis === "ok" ? warnings : [shown.advice || shown.diagnosis, ...warnings];
  notes.replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}

async function explain() {
  running?.abort();
  const { signal } = running = new AbortController();
  document.body.classList.add("busy");
  say("Looking …");
  try {
    const answer = await ask([...wishes(), ["format", "json"], ["format", "overlay"], ["alpha", "1"]], signal);
    const parts = await answer.formData();
    const explanation = JSON.parse(await parts.get("json").text());
    const [shown] = explanation.maps;
    await showImage(heat, parts.get("overlay"));
    listClasses(explanation);
    showNotes(explanation);
    const { name, threads } = explanation.backend;
    how.textContent = explanation.method + " at " + explanation.layer + " on " + name +
      (threads > 1 ? " with " + threads + " threads" : "") + ", " + Math.round(explanation.times.total) + " ms";
    result.hidden = false;
    const what = "Where the network looked for " + nameOf(shown, explanation);
    heat.alt = what;
    say(what + (shown.probability === undefined ? " (" + scoreOf(shown) + ")" : ": " + scoreOf(shown)));
    document.body.classList.remove("busy");
  } catch (error) {
    if (signal.aborted) return;
    document.body.classList.remove("busy");
    say(error.message, true);
  }
}

async function open(chosen) {
  if (!chosen) return;
  file = chosen;
  chosenClass = undefined;
  result.hidden = true;
  const shown = showImage(photo, file).catch(async () => { // TIFF, for one, is not shown by every browser
    await showImage(photo, await (await ask([...wishes(), ["format", "overlay"], ["alpha", "0"]])).blob());
  }).catch(() => {}); // then explain() says what is wrong
  await Promise.all([shown, explain()]);
}

// A field for each input of the model but the one that is explained.
function listOthers(inputs) {
  if (inputs.length < 2) return;
  explained = inputs.find((input) => input.explained)?.name;
  for (const { name, shape, picture, given } of inputs) {
    if (name === explained) continue;
    const [label, text, input] = ["label", "span", "input"].map((kind) => document.createElement(kind));
    label.className = "field";
    text.textContent = name;
    input.name = "inputs." + name;
    input.type = picture ? "file" : "text";
    if (picture) input.accept = chooser.accept;
    else input.placeholder = shape.slice(1).map((size) => size ?? "any").join(" × ") + " numbers, with commas";
    if (given) input.title = "The server has its own where nothing is chosen";
    input.addEventListener("change", () => file && explain());
    label.append(text, input);
    others.append(label);
  }
  others.hidden = false;
}

async function listLayers() {
  const response = await fetch("layers");
  if (!response.ok) return;
  const { inputs, layers, default: last } = await response.json();
  listOthers(inputs);
  const spatial = layers.filter(({ outputShape: shape }) =>
    shape.length === 4 && (shape[0] ?? 1) === 1 && (shape[1] !== 1 || shape[2] !== 1));
  layer.replaceChildren(...spatial.map(({ path, outputShape: [, height, width] }) =>
    new Option(path + "  " + (height ?? "?") + " × " + (width ?? "?"), path, false, path === last)));
}

chooser.addEventListener("change", () => open(chooser.files[0]));
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", type === "dragover");
    if (type === "drop") open(event.dataTransfer.files[0]);
  });
}
document.addEventListener("paste", (event) => open(event.clipboardData.files[0]));
for (const select of [layer, colormap]) select.addEventListener("change", () => file && explain());
const blend = () => { heat.style.opacity = opacity.value; };
opacity.addEventListener("input", blend);
blend();
save.addEventListener("click", async () => {
  try {
    const answer = await ask([...wishes(), ["format", format.value], ["alpha", opacity.value]]);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    const ending = format.selectedOptions[0].dataset.extension;
    link.download = file.name.replace(/[.][^.]*$/, "") + ".gradcam" + ending;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } catch (error) {
    say(error.message, true);
  }
});
listLayers().catch(() => {});
`;
