// What the text in an editor will look like, beside it. A module: it runs once on a page. Without it Preview still shows
// that, once for each press, and without any script on a page of its own.
const forms = () => document.querySelectorAll("[data-editor]");
const paneOf = (form) => form?.querySelector(".preview");
let isOpen = false; // in every editor of this page
const show = (form, open) => {
	const pane = paneOf(form);
	pane.hidden = !open;
	pane.dispatchEvent(new Event(open ? "opened" : "htmx:abort"));
	tell(form);
};
const tell = (form) => {
	const button = form.querySelector("[data-previews]"), pane = paneOf(form);
	button.setAttribute("aria-controls", pane.id);
	button.ariaPressed = !pane.hidden;
};
const prepare = () => {
	for (const form of forms()) {
		if (form.querySelector("[data-previews][aria-pressed]")) continue;
		if (isOpen) show(form, true);
		else tell(form);
	}
};
// htmx wires what it has swapped in just before it says so.
document.addEventListener("htmx:after:process", prepare);
prepare();
document.addEventListener("click", (event) => {
	const form = event.target.closest?.("[data-previews]")?.form;
	if (!form) return;
	event.preventDefault();
	event.stopPropagation();
	show(form, isOpen = paneOf(form).hidden);
}, true);
const isShown = (pane) => pane && !pane.hidden;
document.addEventListener("input", ({ target }) => {
	const pane = paneOf(target.closest?.("[data-editor]"));
	if (isShown(pane)) pane.dispatchEvent(new Event("typed"));
});

// Its requests are no saves, and nobody is told of them: they are kept from the other scripts. What fails leaves the
// last preview, with a line that says so; that the session has ended, the log-in form says that comes in above.
const fail = (pane) => Object.assign(pane.querySelector("p"), { className: "preview-note wrong", textContent: "This is not your newest text: its preview could not be made." });
const heard = {
	"before:request": (pane, event) => pane.hidden && event.preventDefault(), // it was closed meanwhile
	"after:request": (pane, event) => {
		const { ctx } = event.detail, { status, headers } = ctx.response;
		if (status === 401) ctx.text = ctx.text.replaceAll(" autofocus", ""); // of the log-in form; a text may say it, too
		if ([200, 422].includes(status) && headers.has("X-Request-Id")) return;
		fail(pane);
		if (status !== 401 || document.querySelector("form#login-again")) event.preventDefault();
	},
	"finally:request": () => {},
	"error": fail,
};
for (const [name, hear] of Object.entries(heard)) document.addEventListener(`htmx:${name}`, (event) => {
	const { target } = event;
	if (!target.matches?.(".preview")) return;
	event.stopPropagation();
	hear(target, event);
}, true);
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
	if (ctx.sourceElement.id !== "login-again") return;
	for (const form of forms()) if (isShown(paneOf(form))) show(form, true);
});

// A preview that has a scroll bar of its own is where the text is.
const follow = () => {
	for (const form of forms()) {
		const pane = paneOf(form), text = form.elements.namedItem("body");
		const own = text.scrollHeight - text.clientHeight, { top, height } = text.getBoundingClientRect();
		const [gone, all] = own > 1 ? [text.scrollTop, own] : [-top, height - innerHeight];
		if (all > 0) pane.scrollTop = Math.min(1, Math.max(0, gone / all)) * (pane.scrollHeight - pane.clientHeight);
	}
};
document.addEventListener("scroll", ({ target }) => target.matches?.(".preview") || follow(), { capture: true, passive: true });
document.addEventListener("htmx:after:swap", follow);
