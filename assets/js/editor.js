// Keys in the text. A module: however many editors are opened on a page, it runs once. Without it they are the browser's.
const formOf = (element) => element.closest?.("[data-editor]");
const isMac = /Mac|iP/.test(navigator.platform), isText = (element) => element.name === "body" && !element.readOnly;

// put writes as if it was typed: Undo takes it back, and autosave hears of it.
const put = (text, from, to, words, start, end = start) => {
	text.setSelectionRange(from, to);
	if (!document.execCommand(words ? "insertText" : "delete", false, words)) {
		text.setRangeText(words, from, to);
		text.dispatchEvent(new Event("input", { bubbles: true }));
	}
	text.setSelectionRange(start, end);
	return true;
};

// mark sets the stars around what is selected, or takes them away. Blanks at the ends stay outside, where they must be.
const mark = (text, stars) => {
	const { value } = text, many = stars.length;
	let { selectionStart: start, selectionEnd: end } = text;
	while (start < end && /\s/.test(value[start])) start++;
	while (start < end && /\s/.test(value[end - 1])) end--;
	while (end - start > 2 && value[start] === "*" && value[end - 1] === "*") start++, end--;
	const before = /\**$/.exec(value.slice(Math.max(0, start - 3), start))[0].length;
	const around = Math.min(before, /^\**/.exec(value.slice(end, end + 3))[0].length), words = value.slice(start, end);
	return (many === 2 ? around > 1 : around % 2) ? put(text, start - many, end + many, words, start - many, end - many)
		: put(text, start, end, stars + words + stars, start + many, end + many);
};

const isAddress = (words) => /^(https?:\/\/|mailto:)\S*$/i.test(words), someAddress = "https://";
const selected = (text) => text.value.slice(text.selectionStart, text.selectionEnd);
// link makes one of what is selected, words or an address. What is missing is where one types next.
const link = (text, to) => {
	const { selectionStart: start, selectionEnd: end } = text, words = selected(text), at = end + 3;
	if (to) return put(text, start, end, `[${words}](${to})`, at + to.length + 1);
	if (isAddress(words)) return put(text, start, end, `[](${words})`, start + 1);
	return put(text, start, end, `[${words}](${someAddress})`, ...(words ? [at, at + someAddress.length] : [start + 1]));
};

const lineStart = (value, at) => at && value.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (value, at) => (value.indexOf("\n", at) + 1 || value.length + 1) - 1;
const inCode = (value, at) => (value.slice(0, at).match(/^ {0,3}(\x60{3}|~~~)/gm) ?? []).length % 2 > 0;
const isRule = (line) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(line);

// goOn begins the next item of a list or line of a quotation; an empty one ends it, or the inner one of two lists.
const goOn = (text) => {
	const { value, selectionStart: at } = text, from = lineStart(value, at), line = value.slice(from, at);
	const [prefix, quote, item, number, point, gap, task] = /^(\s*(?:>\s?)*)(?:((\d{1,9})([.)])|[-*+])(\s+)(\[[ x]\]\s+)?)?/i.exec(line);
	if (selected(text) || !item && !quote.includes(">") || isRule(line) || inCode(value, from)) return false;
	const end = lineEnd(value, at), isEmpty = !(value.slice(from + prefix.length, end)).trim();
	if (isEmpty) {
		const outer = /^ {4}/.test(line) ? line.slice(4) : "";
		return put(text, from, end, outer, from + outer.length);
	}
	const next = `\n${quote}${item ? (number ? Number(number) + 1 + point : item) + gap : ""}${task ? "[ ] " : ""}`;
	return put(text, at, at, next, at + next.length);
};

// move shifts lines of lists and code, and those that are selected, by the four blanks that nest any list. It leaves
// all others alone: there Tab goes on to the next field.
const move = (text, out) => {
	const { value, selectionStart: start, selectionEnd: end } = text, from = lineStart(value, start);
	const to = lineEnd(value, Math.max(start, end - 1)), lines = value.slice(from, to), isCode = inCode(value, from);
	if (!isCode && !selected(text).includes("\n") && !/^(\s*([-*+]|\d{1,9}[.)])\s| {4}|\t)/.test(lines)) return false;
	if (isCode && !out && start === end) return put(text, start, start, "    ", start + 4);
	const moved = out ? lines.replace(/^( {1,4}|\t)/gm, "") : lines.replace(/^(?=.)/gm, "    ");
	const first = lineEnd(moved, 0) - lineEnd(lines, 0), all = moved.length - lines.length;
	return moved !== lines && put(text, from, to, moved, Math.max(from, start + first), Math.max(from, end + all));
};

const save = (form, isHeld) => (isHeld || form.requestSubmit(form.querySelector("[data-saves]")), true);
let isLeaving = false; // Escape was the last key: so Tab is no trap
document.addEventListener("keydown", (event) => {
	const { target, key, code, shiftKey, altKey, ctrlKey, metaKey } = event, form = formOf(target), leaves = isLeaving;
	if (!form || event.isComposing || event.keyCode === 229) return;
	if (key !== "Shift") isLeaving = key === "Escape";
	const [control, other] = isMac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
	if (altKey || other) return;
	// A keyboard of other letters has these where they are printed in Latin.
	const letter = (/^[a-z]$/i.test(key) ? key : code.replace("Key", "")).toLowerCase();
	const done = control ? !shiftKey && (letter === "s" ? save(form, event.repeat) : isText(target) && keys.get(letter)?.(target))
		: isText(target) && (key === "Enter" ? !shiftKey && goOn(target) : key === "Tab" && !leaves && move(target, shiftKey));
	if (done) event.preventDefault();
});
const keys = new Map([["b", (text) => mark(text, "**")], ["i", (text) => mark(text, "*")], ["k", (text) => link(text)]]);

document.addEventListener("paste", (event) => {
	const { target, clipboardData } = event, address = clipboardData?.getData("text/plain").trim();
	if (!formOf(target) || !isText(target) || !isAddress(address)) return;
	const words = selected(target);
	if (!words.trim() || isAddress(words) || words.includes("\n") || inCode(target.value, target.selectionStart)) return;
	event.preventDefault();
	link(target, address);
});
