// Keeps what is typed. A second after the last key, and at least every 15 s, an editor's
// text goes to the blog as a version that readers do not see. "Saved" is said only of a
// text whose hash came back from there. Until it is there this browser keeps a copy, one
// an account, post and sitting, which is sent again with growing pauses, or when the
// account's next page opens. Saying (say) is app.js's.
const afterKey = 1000, whileTyping = 15000, longestPause = 30000; // ms
const account = document.body.dataset.account;
const copiesOf = (author) => `miniblog:${author}:`;
const clock = (at) => new Date(at).toLocaleTimeString("en-GB");
const linesOf = (text) => text.replace(/\r\n?/g, "\n"); // the one thing that the blog changes

// sha256 of a text as the blog keeps it. Browsers have it over HTTPS and on localhost;
// elsewhere, where nothing is safe on its way, the blog's word must do.
const sha256 = async (title, body) => {
	if (!crypto.subtle) return null;
	const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${title}\n${linesOf(body)}`));
	return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};
const isKept = async (status, answer, title, body) => {
	const line = status === 200 && new DOMParser().parseFromString(answer, "text/html").querySelector("[data-sha256]");
	const sum = line && await sha256(title, body);
	return line && (sum === null || sum === line.dataset.sha256) ? line : null;
};

class Desk {
	since = 0; // when the first change was typed that is not kept yet; 0: all is
	tries = 0; // in vain, one after the other
	sending = null; // the fields that are on their way
	constructor(form) {
		this.form = form;
		this.url = this.line.dataset.hxPost;
		for (const time of this.line.querySelectorAll("time")) time.textContent = clock(time.dateTime);
		if (!this.line.matches(".kept") && !this.isEmpty && !form.querySelector(".clash")) this.changed();
	}
	get line() { return this.form.querySelector("[data-state]"); }
	get isEmpty() { return !this.value("title").trim() && !this.value("body").trim(); }
	get key() { return `${copiesOf(this.value("author"))}${this.url}:${this.value("sitting")}`; }
	field(name) { return this.form.elements.namedItem(name); }
	value(name) { return this.field(name)?.value ?? ""; }
	reads(words, kind) {
		this.line.textContent = words;
		this.line.classList.toggle("kept", kind === "kept");
		this.line.classList.toggle("wrong", kind === "wrong");
	}
	changed() {
		// While it lives, no other page takes its copy for a forgotten one.
		this.lock ??= navigator.locks?.request(this.key, () => new Promise(() => {})) ?? true;
		this.field("turn").value = Number(this.value("turn")) + 1;
		this.since ||= Date.now();
		this.form.dataset.unsaved = "";
		if (this.tries === 0) this.reads("Not saved yet");
		clearTimeout(this.copying);
		this.copying = setTimeout(() => this.copy(), afterKey / 4);
		if (this.tries > 0) return; // its next try is waited for
		this.in(Math.max(0, Math.min(afterKey, this.since + whileTyping - Date.now())));
	}
	in(ms) {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.send(), ms);
	}
	copy() {
		if (this.since === 0) return;
		const fields = { at: Date.now() };
		for (const name of ["title", "body", "version", "author", "sitting", "turn"]) fields[name] = this.value(name);
		this.copied = true;
		try { localStorage.setItem(this.key, JSON.stringify(fields)); } catch { this.copied = false; }
	}
	send() {
		if (this.sending || this.since === 0 || !this.form.isConnected || this.saving) return;
		const excess = new TextEncoder().encode(linesOf(this.value("body"))).length - this.field("body").dataset.limit;
		if (excess > 0) return this.reads(`Not saved: the text is ${excess} bytes longer than 1 MiB. Split it into two posts.`, "wrong");
		if (this.isEmpty && this.field("id") && !this.began) return this.settle();
		this.line.dispatchEvent(new Event("autosave"));
	}
	// finish takes the answer, or that there was none.
	async finish(ctx) {
		const { title, body, turn } = this.sending;
		const line = await isKept(ctx.response?.status, ctx.text, title, body);
		this.sending = null;
		if (line) return this.kept(line, turn);
		this.tries++;
		const problem = ctx.response?.status === 422 && new DOMParser().parseFromString(ctx.text, "text/html").querySelector("[data-state]");
		if (problem) this.tries = 0; // the next change may mend it
		if (ctx.response?.status === 409) this.field("turn").value = Number(turn) + 1e6; // what is on screen is the newest
		if (problem) return this.reads(problem.textContent.trim(), "wrong");
		this.copy();
		const where = ctx.response?.status === 401 ? "you are logged out" : "the blog cannot be reached";
		this.reads(`Not saved since ${clock(this.since)}: ${where}. ${this.copied ? "This browser keeps your text." : "Keep this page open."}`, "wrong");
		if (this.tries === 1 && where !== "you are logged out") say(this.line.textContent, true);
		this.in(Math.min(longestPause, afterKey * 2 ** this.tries) * (0.8 + 0.4 * Math.random()));
	}
	kept(line, turn) {
		if (this.tries > 0) status.replaceChildren();
		this.began = true;
		this.tries = 0;
		if (location.pathname === "/new") history.replaceState(history.state, "", this.url.replace(/versions$/, "edit"));
		if (turn !== this.value("turn")) {
			this.since = Date.now();
			this.reads("Not saved yet");
			return this.in(afterKey);
		}
		this.settle();
		this.reads(`Saved ${clock(line.querySelector("time").dateTime)}`, "kept");
	}
	// resume goes on after a log-in, with the save that asked for it if one did.
	resume() {
		if (this.interrupted === undefined || this.interrupted === false) return this.send();
		const submitter = this.interrupted;
		this.interrupted = false;
		this.form.requestSubmit(submitter);
	}
	// settle is when nothing is left to be kept.
	settle() {
		clearTimeout(this.timer);
		clearTimeout(this.copying);
		this.since = 0;
		delete this.form.dataset.unsaved;
		localStorage.removeItem(this.key);
	}
}

const desks = new WeakMap();
const deskOf = (element) => {
	const form = element.closest?.("[data-editor]");
	if (form && !desks.has(form)) desks.set(form, new Desk(form));
	return desks.get(form);
};
const openDesks = () => [...document.querySelectorAll("[data-editor]")].map(deskOf);
const isState = (element) => element.matches?.("[data-state]");

openDesks();
document.addEventListener("htmx:after:settle", openDesks);
document.addEventListener("input", ({ target }) => deskOf(target)?.changed());
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
	const desk = deskOf(ctx.sourceElement);
	if (isState(ctx.sourceElement)) desk.sending = Object.fromEntries(ctx.request.body);
	else if (ctx.sourceElement === desk?.form) desk.saving = true;
});
// An autosave shows nothing of its answer but a log-in form, which does not take the cursor.
document.addEventListener("htmx:after:request", (event) => {
	const { ctx } = event.detail;
	if (!isState(ctx.sourceElement)) return;
	if (ctx.response.status !== 401 || document.querySelector("form#login-again")) return event.preventDefault();
	ctx.text = ctx.text.replaceAll(" autofocus", "");
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
	const desk = deskOf(ctx.sourceElement), status = ctx.response?.status;
	if (isState(ctx.sourceElement)) return desk.sending && desk.finish(ctx);
	if (ctx.sourceElement.id === "login-again" && status === 200) for (const open of openDesks()) open.resume();
	if (ctx.sourceElement !== desk?.form) return;
	desk.saving = false;
	if (status < 300 && ctx.response.headers.has("X-Request-Id")) return desk.settle();
	desk.interrupted = status === 401 && ctx.request.submitter;
	if (desk.since > 0) desk.in(0);
});
addEventListener("online", () => openDesks().forEach((desk) => desk.send()));
addEventListener("visibilitychange", () => { if (document.hidden) openDesks().forEach((desk) => (desk.copy(), desk.send())); });
addEventListener("beforeunload", (event) => {
	for (const desk of openDesks()) desk.copy();
	if (openDesks().some((desk) => desk.since > 0)) event.preventDefault();
});
addEventListener("submit", (event) => {
	if (event.target.getAttribute("action") === "/logout") sessionStorage.setItem("leaving", account);
	const desk = deskOf(event.target);
	if (desk && !event.defaultPrevented) desk.since = 0; // it goes as a plain form
});

// Who has logged out leaves nothing behind; what else was not kept yet is sent again.
const copies = (author) => Object.keys(localStorage).filter((key) => key.startsWith(copiesOf(author)));
const sendCopy = async (key) => {
	const copy = localStorage.getItem(key), { at, ...fields } = JSON.parse(copy), url = key.split(":")[2];
	const send = () => fetch(url, { method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(fields) });
	let answer = await send();
	if (answer.status === 409) answer = (fields.turn = 0, await send()); // newer ones are kept: it stands by itself
	if (!await isKept(answer.status, await answer.text(), fields.title, fields.body)) return;
	if (localStorage.getItem(key) === copy) localStorage.removeItem(key);
	const desk = openDesks().find((desk) => desk.url === url), seen = desk?.line.querySelector("time")?.dateTime;
	const older = at < Date.parse(seen), link = document.createElement("a"), note = document.createElement("p");
	link.href = url.replace(/versions$/, older ? "history" : "edit");
	link.textContent = older ? "See both in the history" : "Go on from it";
	note.className = "warning";
	note.append(`${older ? "An older" : "A newer"} text of yours, typed at ${clock(at)}, had not reached the blog. It is kept now. `, link);
	(desk?.form ?? document.querySelector("main")).prepend(note);
};
if (!account) copies(sessionStorage.getItem("leaving")).forEach((key) => localStorage.removeItem(key));
sessionStorage.removeItem("leaving");
if (account) for (const key of copies(account)) {
	const sent = navigator.locks ? navigator.locks.request(key, { ifAvailable: true }, (lock) => lock && sendCopy(key)) : sendCopy(key);
	sent.catch(() => {}); // it waits for the next page
}
