import { entriesOf, search } from "./search.js";

const root = document.documentElement;
const find = (selector) => document.querySelector(selector);
const status = find(".status");

// The theme: that of the system, or one that the reader chose.
const themes = ["system", "light", "dark"];
const themeButton = find(".theme");
const showTheme = () => {
	const theme = root.dataset.theme ?? "system";
	themeButton.dataset.now = theme;
	themeButton.setAttribute("aria-label", `Theme: ${theme}`);
	themeButton.title = `Theme: ${theme}`;
};
themeButton.addEventListener("click", () => {
	const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
	if (next === "system") delete root.dataset.theme;
	else root.dataset.theme = next;
	try {
		localStorage.setItem("theme", next);
	} catch {
		// The choice holds until the page is left.
	}
	showTheme();
});
showTheme();

// The navigation: folded but for the branch of what is read, and a drawer on narrow screens.
const navigation = find("nav");
const menu = find(".menu");
const openMenu = (isOpen) => {
	root.classList.toggle("open", isOpen);
	menu.setAttribute("aria-expanded", String(isOpen));
};
menu.addEventListener("click", () => openMenu(!root.classList.contains("open")));
const fold = (branch, isOpen) => branch.querySelector(".fold").setAttribute("aria-expanded", String(isOpen));
for (const branch of navigation.querySelectorAll(".branch")) fold(branch, false);
navigation.addEventListener("click", ({ target }) => {
	if (target.closest("a") !== null) openMenu(false);
	const branch = target.closest(".fold")?.parentElement;
	if (branch === undefined) return;
	fold(branch, target.getAttribute("aria-expanded") !== "true");
	branch.dataset.chosen = "";
});
document.addEventListener("click", ({ target }) => {
	if (root.classList.contains("open") && target.closest("nav, .menu") === null) openMenu(false);
});

// What crosses a line near the top of the window is what is read.
const links = new Map([...navigation.querySelectorAll("a")].map((link) => [link.getAttribute("href").slice(1), link]));
const crossing = new Set();
let current;
const showCurrent = () => {
	const read = [...crossing].filter(({ id }) => links.has(id));
	const last = read.reduce((a, b) => (a === undefined || a.compareDocumentPosition(b) & 4 ? b : a), undefined);
	const link = last && links.get(last.id);
	if (link === undefined || link === current) return;
	const [from, to] = [current, link].map((each) => each?.closest(".branch"));
	current?.removeAttribute("aria-current");
	link.setAttribute("aria-current", "true");
	if (from && from !== to && from.dataset.chosen === undefined) fold(from, false);
	if (to && to.dataset.chosen === undefined) fold(to, true);
	current = link;
	link.scrollIntoView({ block: "nearest" });
};
const observer = new IntersectionObserver(
	(entries) => {
		for (const { target, isIntersecting } of entries) {
			if (isIntersecting) crossing.add(target);
			else crossing.delete(target);
		}
		showCurrent();
	},
	{ rootMargin: "-15% 0px -84% 0px" },
);
for (const item of document.querySelectorAll(".part, .item")) observer.observe(item);

// One button to copy the link of an item, which follows the pointer and the focus from name to name.
const copy = document.createElement("button");
copy.type = "button";
copy.className = "copy";
copy.textContent = "Copy link";
const offerCopy = ({ target, type }) => {
	const name = target.closest?.("main :is(h2, h4, h5), main .members tr")?.querySelector("a.name");
	if (!name || copy.previousSibling === name || target === copy) return;
	if (type === "pointerover" && document.activeElement === copy) return;
	name.after(copy);
	copy.setAttribute("aria-label", `Copy link to ${name.textContent}`);
};
document.addEventListener("pointerover", offerCopy);
document.addEventListener("focusin", offerCopy);
copy.addEventListener("click", async () => {
	const { href } = copy.previousSibling;
	let told = "Link copied";
	try {
		await navigator.clipboard.writeText(href);
	} catch {
		location.href = href;
		told = "The link is in the address bar";
	}
	tell(told);
});
let untold;
const tell = (text, isQuiet = false) => {
	status.classList.toggle("quiet", isQuiet);
	status.textContent = text;
	clearTimeout(untold);
	untold = setTimeout(() => {
		status.textContent = "";
	}, 2000);
};

// The search, as one types.
const input = find("[role=combobox]");
const results = find("[role=listbox]");
const entries = entriesOf(JSON.parse(find("script[type='application/json']").textContent));
const SHOWN = 40;
let chosen = -1;

const span = (className, text) => {
	const element = document.createElement("span");
	element.className = className;
	element.textContent = text;
	return element;
};
const option = ({ id, name, kind, place, text }, index) => {
	const element = document.createElement("div");
	element.setAttribute("role", "option");
	element.id = `:result-${index}`;
	element.dataset.target = id;
	element.append(span("name", name), span("kind", kind), span("place", place), span("text", text));
	return element;
};
const choose = (index) => {
	const options = [...results.querySelectorAll("[role=option]")];
	options[chosen]?.removeAttribute("aria-selected");
	chosen = options.length === 0 ? -1 : (index + options.length) % options.length;
	const option = options[chosen];
	if (option === undefined) {
		input.removeAttribute("aria-activedescendant");
		return;
	}
	option.setAttribute("aria-selected", "true");
	input.setAttribute("aria-activedescendant", option.id);
	option.scrollIntoView({ block: "nearest" });
};
const show = (isShown) => {
	results.hidden = !isShown;
	input.setAttribute("aria-expanded", String(isShown));
	if (!isShown) choose(-1);
};
const update = () => {
	if (input.value.trim() === "") {
		results.replaceChildren();
		show(false);
		return;
	}
	const found = search(entries, input.value);
	results.replaceChildren(...found.slice(0, SHOWN).map(option));
	chosen = -1;
	show(found.length > 0);
	choose(0);
	if (found.length === 0) tell("Nothing found");
	else tell(`${found.length} found`, true);
};
const go = (element) => {
	if (!element) return;
	show(false);
	input.blur();
	if (location.hash === `#${element.dataset.target}`) location.replace(`#${element.dataset.target}`);
	else location.hash = element.dataset.target;
	// The focus follows, so that the next key goes on from there.
	document.getElementById(element.dataset.target)?.querySelector("a.name")?.focus({ preventScroll: true });
};
input.addEventListener("input", update);
input.addEventListener("focus", () => show(results.childElementCount > 0));
input.addEventListener("blur", () => show(false));
results.addEventListener("pointerdown", (event) => event.preventDefault());
results.addEventListener("click", ({ target }) => go(target.closest("[role=option]")));
input.addEventListener("keydown", (event) => {
	if (event.key === "ArrowDown") choose(chosen + 1);
	else if (event.key === "ArrowUp") choose(chosen - 1);
	else if (event.key === "Enter") go(results.querySelector("[aria-selected]"));
	else if (event.key === "Escape") input.blur();
	else return;
	event.preventDefault();
});
document.addEventListener("keydown", (event) => {
	if (event.key === "Escape" && root.classList.contains("open")) {
		openMenu(false);
		menu.focus();
	}
	const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]") !== null;
	if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
	event.preventDefault();
	input.focus();
	input.select();
});

// On paper everything is open.
addEventListener("beforeprint", () => {
	for (const each of document.querySelectorAll("details")) each.open = true;
});
