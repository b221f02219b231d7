const afterKey = 1000, whileTyping = 15000, longestPause = 30000; // ms
const account = document.body.dataset.account, clock = (at) => new Date(at).toLocaleTimeString("en-GB");
const store = (act) => { try { return act(localStorage) ?? true; } catch { return false; } }; // it may be full, or forbidden
const linesOf = (text) => text.replace(/\r\n?/g, "\n"); // all that the blog changes
const stateIn = (html) => new DOMParser().parseFromString(html ?? "", "text/html").querySelector("[data-state]");
const receipt = async (status, html, { title, body }) => {
const line = stateIn(html), bytes = new TextEncoder().encode(`${title}\n${linesOf(body)}`);
if (status !== 200 || !line?.dataset.sha256) return null;
const sum = crypto.subtle && new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
return !sum || Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("") === line.dataset.sha256 ? line : null;
};
class Desk {
since = 0; // when the first change was typed that is not kept yet; 0: all is
tries = 0; // in vain, one after the other
sending = null; // the fields that are on their way
constructor(form) {
this.form = form;
this.line = form.querySelector("[data-state]");
this.url = this.line.dataset.hxPost;
this.key = `miniblog:${this.value("author")}:${this.url}:${this.value("sitting")}`;
for (const time of this.line.querySelectorAll("time")) time.textContent = clock(time.dateTime);
if (!this.line.matches(".kept") && !this.isEmpty && !form.querySelector(".clash")) this.changed();
}
get isEmpty() { return !["title", "body", "tags"].some((name) => this.value(name).trim()); }
field(name) { return this.form.elements.namedItem(name); }
value(name) { return this.field(name)?.value ?? ""; }
reads(words, kind = "") { Object.assign(this.line, { textContent: words, className: `state ${kind}` }); }
changed() {
this.lock ??= navigator.locks?.request(this.key, () => new Promise(() => {})) ?? true; // the copy is not forgotten
this.field("turn").value = Number(this.value("turn")) + 1;
this.since ||= Date.now();
this.form.dataset.unsaved = "";
this.copying ??= setTimeout(() => this.copy(), afterKey / 4);
if (this.waits) return;
this.reads("Not saved yet");
this.in(Math.max(0, Math.min(afterKey, this.since + whileTyping - Date.now())));
}
in(ms, waits = false) {
clearTimeout(this.timer); // waits: for the blog to come back, whatever is typed
Object.assign(this, { waits, timer: setTimeout(() => this.send(), ms) });
}
copy() {
this.copying = undefined;
if (this.since === 0) return;
const values = ["title", "body", "tags", "version", "author", "sitting", "turn"].map((name) => [name, this.value(name)]);
this.isFull = !store((kept) => kept.setItem(this.key, JSON.stringify({ at: Date.now(), ...Object.fromEntries(values) })));
}
send() {
this.waits = false;
if (this.sending || this.saving || this.since === 0 || !this.form.isConnected) return;
const excess = new TextEncoder().encode(linesOf(this.value("body"))).length - this.field("body").dataset.limit;
if (excess > 0) return this.reads(`Not saved: the text is ${excess} byte${excess === 1 ? "" : "s"} longer than 1 MiB. Split it into two posts.`, "wrong");
if (this.isEmpty && !this.field("version") && !this.began) return this.settle(); // nothing begun, nothing to keep
this.line.dispatchEvent(new Event("autosave"));
}
async finish({ response, text }) {
const sent = this.sending, line = await receipt(response?.status, text, sent);
this.sending = null;
if (this.since === 0) return; // a save was faster, and has kept all
if (line) return this.kept(line, sent);
if (response?.status === 422) return this.reads(stateIn(text).textContent.trim(), "wrong"); // the next change may mend it
if (response?.status === 409) this.field("turn").value = Number(sent.turn) + 1e6; // what is on screen is the newest
this.copy();
const refused = [403, 404, 413, 429].includes(response?.status) ? "the blog did not take it" : "the blog cannot be reached";
const [why, advice] = response?.status === 401 ? ["you are logged out", "Log in again above"] : [refused, "You can go on writing"];
this.reads(`Not saved since ${clock(this.since)}: ${why}. ${this.isFull ? "Keep this page open." : "This browser keeps your text."}`, "wrong");
if (this.tries++ === 0) say(`${advice}: what you typed is still here, and is sent as soon as that can be.`);
this.in(Math.min(longestPause, afterKey * 2 ** this.tries) * (0.8 + 0.4 * Math.random()), true);
}
kept(line, sent) {
if (this.tries > 0) say("Your text is saved again.");
Object.assign(this, { tries: 0, began: true });
if (sent.turn === this.value("turn")) return this.settle(`Saved ${clock(line.querySelector("time").dateTime)}`, "kept");
this.since = 0; // what was typed meanwhile is a change anew
this.changed();
}
leave() { this.since = (this.copy(), 0); } // as a plain form
settle(words, kind) { // nothing is left to be kept
this.since = 0;
delete this.form.dataset.unsaved;
store((kept) => kept.removeItem(this.key));
if (["/new", "/preview"].includes(location.pathname) && !this.isEmpty) history.replaceState(history.state, "", this.url.replace(/versions$/, "edit"));
if (words) this.reads(words, kind);
}
}
const deskOf = (element, form = element.closest?.("[data-editor]")) => form && (form.desk ??= new Desk(form));
const openDesks = () => [...document.querySelectorAll("[data-editor]")].map((form) => deskOf(form));
openDesks();
document.addEventListener("htmx:after:settle", openDesks);
document.addEventListener("input", ({ target }) => deskOf(target)?.changed());
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
const desk = deskOf(ctx.sourceElement); // of a Cancel, too
if (ctx.sourceElement === desk?.line) desk.sending = Object.fromEntries(ctx.request.body);
if (ctx.sourceElement === desk?.form) desk.saving = true;
});
document.addEventListener("htmx:after:request", (event) => {
const { ctx } = event.detail, desk = deskOf(ctx.sourceElement), { status, headers } = ctx.response;
if (desk?.saving && (status < 300 || status === 409 && ctx.text.includes('class="clash"')) && headers.has("X-Request-Id")) desk.settle();
if (!desk || ctx.sourceElement !== desk.line) return;
if (status !== 401 || document.querySelector("form#login-again")) event.preventDefault();
ctx.text = ctx.text.replaceAll(" autofocus", "");
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
const desk = deskOf(ctx.sourceElement), status = ctx.response?.status;
if (desk?.sending && ctx.sourceElement === desk.line) desk.finish(ctx);
else if (desk?.saving) {
Object.assign(desk, { saving: false, asked: status === 401 ? { by: ctx.request.submitter, turn: desk.value("turn") } : null });
if (!(status < 500)) desk.tries ||= 1; // that was said
desk.in(0);
} else if (ctx.sourceElement.id === "login-again" && status === 200) {
for (const open of openDesks()) open.asked?.turn === open.value("turn") ? open.form.requestSubmit(open.asked.by) : open.send();
}
});
addEventListener("online", () => openDesks().forEach((desk) => desk.send()));
addEventListener("visibilitychange", () => document.hidden && openDesks().forEach((desk) => (desk.copy(), desk.send())));
addEventListener("beforeunload", (event) => openDesks().forEach((desk) => (desk.copy(), desk.since > 0 && event.preventDefault())));
addEventListener("submit", ({ target, defaultPrevented }) => !defaultPrevented && deskOf(target)?.leave());
const copiesOf = (author) => store((kept) => Object.keys(kept).filter((key) => key.startsWith(`miniblog:${author}:`))) || [];
const element = (name, properties) => Object.assign(document.createElement(name), properties);
const sendCopy = async (key) => {
const copy = localStorage.getItem(key), { at, ...fields } = JSON.parse(copy), url = key.split(":")[2];
const remove = () => localStorage.getItem(key) === copy && localStorage.removeItem(key);
const body = new URLSearchParams({ ...fields, age: Date.now() - at });
const answer = await fetch(url, { method: "POST", headers: { "HX-Request": "true" }, body });
const line = await receipt(answer.status, await answer.text(), fields), isOlder = line?.dataset.aside !== undefined;
if (line) remove();
if (line?.dataset.again !== undefined || !line && ![404, 413, 422].includes(answer.status)) return;
const [page, words] = isOlder ? ["history", "See it in the history"] : ["edit", "Go on from it"];
const note = element("div", { className: "warning" });
note.append(`${isOlder ? "An older" : "A"} text of yours, typed at ${clock(at)}, had not reached the blog. `);
if (line) note.append("It is kept now. ", element("a", { href: url.replace(/versions$/, page), textContent: words }));
else note.append("It is not taken, and is in this browser alone: copy it from here. ",
element("textarea", { value: [fields.title, fields.body, fields.tags].filter(Boolean).join("\n\n"), readOnly: true, ariaLabel: "Your text" }),
element("button", { className: "button quiet", textContent: "Remove it", onclick: () => (remove(), note.remove()) }));
(openDesks().find((desk) => desk.url === url)?.form ?? document.querySelector("main")).prepend(note);
};
for (const key of copiesOf(document.body.dataset.left)) localStorage.removeItem(key);
if (account) for (const key of copiesOf(account)) {
const sent = navigator.locks?.request(key, { ifAvailable: true }, (lock) => lock && sendCopy(key)) ?? sendCopy(key);
sent.catch(() => {}); // it waits for the next page
}
