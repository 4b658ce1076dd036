/** The text of the lock of `spear-core/`: its surface, a line for each fact, sorted, so that a review shows what is promised. */
import { CORE_ITEMS, type CoreItem, type CoreSurface } from "./core-surface.ts";

const LOCK_FORMAT = 1;

export function printCoreLock({ id, items }: CoreSurface): string {
	const sorted = [...items.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, facts }) => [key, Object.fromEntries(facts)]);
	return `${JSON.stringify({ formatVersion: LOCK_FORMAT, package: id, items: Object.fromEntries(sorted) }, null, "\t")}\n`;
}

/** Returns undefined for a text that is no lock of this format. */
export function parseCoreLock(text: string): CoreSurface | undefined {
	const value = parse(text);
	if (!isObject(value) || value.formatVersion !== LOCK_FORMAT || typeof value.package !== "string" || !isObject(value.items))
		return undefined;
	const items = Object.entries(value.items).map(([key, facts]) => readItem(key, facts));
	if (items.includes(undefined)) return undefined;
	return { id: value.package, items: new Map(items.flatMap((item) => (item === undefined ? [] : [[item.key, item]]))) };
}

function readItem(key: string, value: unknown): CoreItem | undefined {
	const kind = CORE_ITEMS.find((each) => key.startsWith(`${each} `));
	if (kind === undefined || !isObject(value)) return undefined;
	const facts = new Map<string, string>();
	for (const [fact, text] of Object.entries(value)) {
		if (typeof text !== "string") return undefined;
		facts.set(fact, text);
	}
	return { key, kind, facts };
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
