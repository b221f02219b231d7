const status = document.getElementById("status");
const say = (words, wrong) => {
const said = document.createElement("span");
if (wrong) said.className = "wrong";
said.textContent = words;
status.replaceChildren(said);
};
const unreachable = () => say("The blog could not be reached. Nothing was changed, and what you typed is still here: try again in a moment.", true);
document.addEventListener("htmx:after:settle", () => {
const changed = [...document.querySelectorAll("[data-announce]")];
if (changed.length === 0) return;
say(changed.map((element) => element.dataset.announce).join(" "));
for (const element of changed) element.removeAttribute("data-announce");
});
document.addEventListener("htmx:before:request", () => status.replaceChildren());
document.addEventListener("htmx:error", unreachable);
document.addEventListener("htmx:after:request", (event) => {
if (event.detail.ctx.response.headers.has("X-Request-Id")) return;
event.preventDefault();
unreachable();
});
let focused = [];
document.addEventListener("focusin", ({ target }) => {
focused = [...focused.filter((element) => element.isConnected && element !== target), target];
});
document.addEventListener("htmx:after:settle", () => {
if (document.activeElement !== document.body || focused.at(-1)?.isConnected) return;
focused.findLast((element) => {
element.focus();
return document.activeElement === element;
});
});
document.addEventListener("input", (event) => {
const state = event.target.closest("[data-editor]")?.querySelector("[data-state]");
if (!state) return;
state.textContent = "Not saved yet";
state.classList.remove("kept");
});
document.addEventListener("keydown", (event) => {
if (event.key !== "Enter" || event.isComposing || event.target.name !== "title") return;
const body = event.target.form?.elements.namedItem("body");
if (!body) return;
event.preventDefault();
body.focus();
});
