const status = document.getElementById("status");
const say = (words, wrong) => {
const said = document.createElement("span");
said.className = wrong ? "wrong" : "said";
said.textContent = words;
status.replaceChildren(said);
for (const leaving of status.getAnimations()) leaving.currentTime = 0;
};
const unreachable = () => say("The blog could not be reached. What you typed is still here: try again in a moment, nothing is kept twice.", true);
document.addEventListener("htmx:after:settle", () => {
const changed = [...document.querySelectorAll("[data-announce]")];
if (changed.length === 0) return;
say(changed.map((element) => element.dataset.announce).join(" "));
for (const element of changed) element.removeAttribute("data-announce");
});
const autosaves = (ctx) => ctx?.sourceElement.matches("[data-state]");
document.addEventListener("htmx:before:request", (event) => {
const { ctx } = event.detail;
if (autosaves(ctx)) return;
const unsaved = editorWithin(ctx.target);
if (unsaved && !unsaved.contains(ctx.sourceElement)) {
event.preventDefault();
unsaved.querySelector("textarea").focus();
return;
}
status.replaceChildren();
hold(ctx.sourceElement, true);
});
const editorWithin = (target) => {
const editor = target instanceof Element && (target.matches("[data-unsaved]") ? target : target.querySelector("[data-unsaved]"));
return editor || null;
};
const hold = (element, held) => {
const form = element.closest?.("[data-editor]");
if (!form) return;
for (const field of form.querySelectorAll("input[type=text], textarea")) field.readOnly = held;
};
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
if (!ctx.hx?.redirect && !autosaves(ctx)) hold(ctx.sourceElement, false);
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (!autosaves(ctx)) unreachable(); });
document.addEventListener("htmx:after:request", (event) => {
if (autosaves(event.detail.ctx) || event.detail.ctx.response.headers.has("X-Request-Id")) return;
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
document.addEventListener("keydown", (event) => {
if (event.key !== "Enter" || event.isComposing || event.target.name !== "title") return;
const body = event.target.form?.elements.namedItem("body");
if (!body) return;
event.preventDefault();
body.focus();
});
