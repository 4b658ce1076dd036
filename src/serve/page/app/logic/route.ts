/** The place in the page, as the part of the address behind `#` says. */

export const VIEWS = ["overview", "hosts", "traffic", "errors", "budgets", "decisions"] as const;
export type View = (typeof VIEWS)[number];

export interface Place {
	readonly view: View;
	/** Id of the open decision. */
	readonly id?: string;
	readonly query: Readonly<Record<string, string>>;
}

const FIRST: Place = { view: "overview", query: {} };

/** Reads a place. An unknown one is the first view. */
export function parsePlace(hash: string): Place {
	const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
	const [name = "", encoded = ""] = path.split("/");
	const view = VIEWS.find((each) => each === name);
	if (view === undefined) return FIRST;
	const query = Object.fromEntries(new URLSearchParams(search));
	const id = decode(encoded);
	return view === "decisions" && id !== "" ? { view, id, query } : { view, query };
}

export function placeHash({ view, id, query }: { view: View; id?: string | undefined; query?: Readonly<Record<string, string>> }): string {
	const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== "")).toString();
	return `#/${view}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${search === "" ? "" : `?${search}`}`;
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
