/** The behaviour of a page: search, theme, and the contents on narrow screens. */
import { type Found, Search, type SearchIndex } from "./search.ts";

declare global {
	/** Set by `search-index.js`. */
	var searchIndex: SearchIndex | undefined;
}

const root = document.documentElement.dataset.root ?? "";
const input = document.querySelector<HTMLInputElement>("#site-search");
const results = document.querySelector<HTMLElement>("#site-results");
let search: Promise<Search> | undefined;
let selected = -1;

/** Loads the index once. A script and no `fetch`, which browsers refuse for files. */
function loadSearch(): Promise<Search> {
	search ??= new Promise((resolve, reject) => {
		const script = document.createElement("script");
		script.src = `${root}search-index.js`;
		script.onload = () =>
			globalThis.searchIndex === undefined ? reject(new Error("no index")) : resolve(new Search(globalThis.searchIndex));
		script.onerror = () => reject(new Error("the index cannot be loaded"));
		document.head.append(script);
	});
	return search;
}

function optionOf({ url, page, title, excerpt }: Found, index: number): HTMLElement {
	const option = document.createElement("a");
	option.id = `site-result-${index}`;
	option.href = root + url;
	option.setAttribute("role", "option");
	option.setAttribute("aria-selected", "false");
	option.tabIndex = -1;
	for (const [name, text] of [
		["name", title],
		["place", page],
		["text", excerpt],
	] as const) {
		const part = document.createElement("span");
		part.className = name;
		part.textContent = text;
		option.append(part);
	}
	return option;
}

function show(found: readonly Found[], question: string): void {
	if (input === null || results === null) return;
	selected = -1;
	results.replaceChildren(...found.map(optionOf));
	if (found.length === 0 && question !== "") {
		const none = document.createElement("p");
		none.textContent = "No page has all of these words.";
		results.append(none);
	}
	results.hidden = question === "";
	input.setAttribute("aria-expanded", String(!results.hidden && found.length > 0));
	input.removeAttribute("aria-activedescendant");
}

function select(index: number): void {
	const options = [...(results?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
	if (options.length === 0) return;
	options[selected]?.setAttribute("aria-selected", "false");
	selected = (index + options.length) % options.length;
	const option = options[selected];
	option?.setAttribute("aria-selected", "true");
	option?.scrollIntoView({ block: "nearest" });
	if (option !== undefined) input?.setAttribute("aria-activedescendant", option.id);
}

async function answer(): Promise<void> {
	const question = input?.value.trim() ?? "";
	const found = question === "" ? [] : (await loadSearch()).find(question);
	// The reader may have typed more meanwhile.
	if (question === (input?.value.trim() ?? "")) show(found, question);
}

input?.addEventListener("focus", () => void loadSearch().catch(() => {}));
input?.addEventListener("input", () => void answer());
input?.addEventListener("keydown", (event) => {
	if (event.key === "ArrowDown") select(selected + 1);
	else if (event.key === "ArrowUp") select(selected - 1);
	else if (event.key === "Escape") show([], "");
	else if (event.key === "Enter") results?.querySelectorAll<HTMLElement>("[role=option]")[Math.max(selected, 0)]?.click();
	else return;
	event.preventDefault();
});
document.addEventListener("keydown", (event) => {
	if (event.key !== "/" || event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
	event.preventDefault();
	input?.focus();
});
document.addEventListener("click", (event) => {
	if (event.target instanceof Node && input?.parentElement?.contains(event.target) !== true) show([], "");
});
results?.addEventListener("click", () => show([], ""));

document.querySelector(".theme")?.addEventListener("click", () => {
	const { dataset } = document.documentElement;
	const isDark = dataset.theme === "dark" || (dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
	dataset.theme = isDark ? "light" : "dark";
	try {
		localStorage.setItem("theme", dataset.theme);
	} catch {
		// The choice holds for this page.
	}
});

const menu = document.querySelector<HTMLButtonElement>(".menu");
menu?.addEventListener("click", () => {
	const isOpen = document.documentElement.classList.toggle("open");
	menu.setAttribute("aria-expanded", String(isOpen));
});
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "center" });
