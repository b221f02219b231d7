// What htmx leaves to the page: saying what happened, and the editor's small comforts.
// Everything works without this file; it only tells more.
const status = document.getElementById("status");

const say = (words, wrong) => {
	const said = document.createElement("span");
	if (wrong) said.className = "wrong";
	said.textContent = words;
	status.replaceChildren(said);
};

const unreachable = () => say("The blog could not be reached. Nothing was changed, and what you typed is still here: try again in a moment.", true);

// The server writes what a change did into data-announce. It is said once: the
// next swap must not say it again.
document.addEventListener("htmx:after:settle", () => {
	const changed = [...document.querySelectorAll("[data-announce]")];
	if (changed.length === 0) return;
	say(changed.map((element) => element.dataset.announce).join(" "));
	for (const element of changed) element.removeAttribute("data-announce");
});

document.addEventListener("htmx:before:request", () => status.replaceChildren());

// No answer, or one that is not ours (a proxy's error page), changes nothing on the page.
document.addEventListener("htmx:error", unreachable);
document.addEventListener("htmx:after:request", (event) => {
	if (event.detail.ctx.response.headers.has("X-Request-Id")) return;
	event.preventDefault();
	unreachable();
});

// When a swap takes away what had the focus and nothing new asks for it, it returns to
// what had it last: the link that opened the editor, the button that needed a log-in.
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

// The state line tells the truth from the first key on.
document.addEventListener("input", (event) => {
	const state = event.target.closest("[data-editor]")?.querySelector("[data-state]");
	if (!state) return;
	state.textContent = "Not saved yet";
	state.classList.remove("kept");
});

// Enter in the title goes on to the text; it would otherwise publish by accident.
document.addEventListener("keydown", (event) => {
	if (event.key !== "Enter" || event.isComposing || event.target.name !== "title") return;
	const body = event.target.form?.elements.namedItem("body");
	if (!body) return;
	event.preventDefault();
	body.focus();
});
