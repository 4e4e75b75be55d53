/* Saves a part of the application while it is written: every twenty seconds if something has changed,
   when the page is left out of sight, and at once when a municipality is chosen. The page's buttons
   save as well; without this script they are all there is. What another has changed, or what cannot be
   kept, is told in words and never written over. */

const EVERY = 20_000;
const PATIENCE = 3_000;

const form = document.getElementById("application");
const address = form.getAttribute("action"); // not form.action: the buttons are called so
const told = part("saved");
let hasChanged = false;
let saving = null;

function part(name) {
  return form.querySelector(`[data-part="${name}"]`);
}

function field(name) {
  return form.elements.namedItem(name);
}

async function save({ keepalive = false } = {}) {
  hasChanged = false;
  const body = new URLSearchParams(new FormData(form));
  body.set("action", "autosave");
  try {
    const answer = await fetch(address, { method: "POST", body, keepalive, headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (answer.ok) take(said);
    else say(said.detail);
  } catch {
    hasChanged = true;
    say(form.dataset.failed);
  }
}

function take(said) {
  for (const [name, digest] of Object.entries(said.seen)) {
    const seen = field(`seen.${name}`);
    if (seen) seen.value = digest;
  }
  for (const [name, value] of Object.entries(said.fills)) field(name).value = value;
  if (said.place !== undefined) part("place").textContent = said.place;
  say(said.saved);
  part("problems").replaceChildren(...said.problems.map(line));
}

function say(words) {
  if (told.textContent !== words) told.textContent = words;
}

function line(words) {
  const shown = document.createElement("p");
  shown.className = "error";
  shown.textContent = words;
  return shown;
}

function saveNow(options) {
  if (!hasChanged || saving) return;
  saving = save(options).finally(() => { saving = null; });
}

form.addEventListener("input", () => { hasChanged = true; });
form.addEventListener("change", (event) => {
  if (event.target.name === "municipality") saveNow();
});
setInterval(saveNow, EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") saveNow({ keepalive: true });
});

/* A button pressed while a save is on its way waits for it, so that nobody is told of their own change. */
form.addEventListener("submit", (event) => {
  hasChanged = false;
  if (!saving) return;
  event.preventDefault();
  const pressed = event.submitter;
  const waited = new Promise((done) => { setTimeout(done, PATIENCE); });
  Promise.race([saving, waited]).then(() => { saving = null; form.requestSubmit(pressed); });
});

/* Come back to by the back button, the page shows what is kept now. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
