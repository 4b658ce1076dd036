/** JSON as one would write it by hand: tabs, and on one line what is short and flat. */
import { LINE_WIDTH, tabs, visualWidth } from "./layout.ts";

/** `value` as JSON text with a final line end. Member order is kept; members that are `undefined` are left out. */
export function formatJson(value: unknown): string {
	return `${print(value, 0, 0)}\n`;
}

function print(value: unknown, depth: number, taken: number): string {
	if (Array.isArray(value)) {
		const items = value.map((item) => print(item, depth + 1, 0));
		return layout("[", items, "]", depth, value.every(isScalar) ? taken : undefined, "");
	}
	if (isObject(value)) {
		const members = Object.entries(value).filter(([, member]) => member !== undefined);
		const items = members.map(([key, member]) => `${JSON.stringify(key)}: ${print(member, depth + 1, key.length + 4)}`);
		const flat = members.length === 1 && members.every(([, member]) => isScalar(member));
		return layout("{", items, "}", depth, flat ? taken : undefined, " ");
	}
	return JSON.stringify(value);
}

/** `taken` columns of the line are used already; undefined means always one item a line. */
function layout(open: string, items: readonly string[], close: string, depth: number, taken: number | undefined, pad: string): string {
	if (items.length === 0) return open + close;
	const single = `${open}${pad}${items.join(", ")}${pad}${close}`;
	if (taken !== undefined && visualWidth(tabs(depth) + single) + taken < LINE_WIDTH) return single;
	return `${open}\n${items.map((item) => tabs(depth + 1) + item).join(",\n")}\n${tabs(depth)}${close}`;
}

function isScalar(value: unknown): boolean {
	return typeof value !== "object" || value === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}
