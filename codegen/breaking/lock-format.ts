/**
 * The text of `abi.lock.json`: a surface, one line an item or a part, sorted, so that a review shows what is promised.
 *
 * | kind | key | shape |
 * | --- | --- | --- |
 * | `interface` | `rank`, `wasi:io/poll@0.2.0`, `world agent import b` | its `use`d names: `error: types.error` |
 * | `world` | `world agent` | `import rank`, `import b: {…}`, `export run: func(…)`, `use error: types.error` |
 * | `record`, `variant`, `enum`, `flags` | `rank.request` | its parts in order: `query: string` |
 * | `alias`, `resource` | `types.json` | the type that the alias stands for; none |
 * | `func` | `rank.rerank`, `rank.event-stream.next` | `@blocking method func() -> string` |
 * | `limits` | `rank.request.top` | constraints and features of one part: `maximum: 100`, `feature: supports_modes` |
 * | `operation` | `operation rerank` | `interface: rank`, `payload: rank.request`, `transport: unary` |
 */
import { cycleIn } from "./order.ts";
import {
	type Direction,
	type FuncDecl,
	type Operation,
	type Part,
	type Port,
	type Scope,
	type Surface,
	TYPE_KINDS,
	type TypeDecl,
	type TypeKind,
	type UseDecl,
} from "./surface.ts";
import { parseType, type TypeNode, typeText } from "./type-node.ts";

const LOCK_FORMAT = 2;
/** In bytes. The lock of a package with 10,000 types has about a tenth of it. */
export const MAX_LOCK_BYTES = 32 * 1024 * 1024;
const INLINE = "{…}";

interface LockItem {
	readonly kind: string;
	readonly shape?: string | readonly string[];
	readonly tags?: readonly string[];
}

export function printLock(surface: Surface): string {
	const items = new Map<string, LockItem>();
	const add = (key: string, kind: string, shape: string | readonly string[] = [], tags: readonly string[] = []): void => {
		items.set(key, { kind, ...(shape.length === 0 ? {} : { shape }), ...(tags.length === 0 ? {} : { tags }) });
	};
	const addFunc = (func: FuncDecl): void => add(func.key, "func", functionText(func));
	for (const scope of surface.scopes.values()) {
		const uses = [...scope.uses.values()].map(({ name, target }) => `${name}: ${target}`);
		if (scope.kind === "interface") add(scope.key, "interface", uses.sort());
		else add(scope.key, "world", [...[...scope.ports.values()].map(portText), ...uses.map((text) => `use ${text}`)].sort());
		for (const func of scope.functions.values()) addFunc(func);
		for (const decl of scope.types.values()) {
			const parts = decl.parts.map(({ name, type }) => (type === undefined ? name : `${name}: ${typeText(type)}`));
			add(decl.key, decl.kind, decl.target === undefined ? parts : typeText(decl.target), decl.tags);
			for (const func of decl.functions.values()) addFunc(func);
			for (const { name, limits, features } of decl.parts) {
				const promises = [...[...limits].map(([limit, value]) => `${limit}: ${value}`), ...features.map((each) => `feature: ${each}`)];
				if (promises.length > 0) add(`${decl.key}.${name}`, "limits", promises);
			}
		}
	}
	for (const { name, roles, transports } of surface.operations.values()) {
		add(`operation ${name}`, "operation", [
			...[...roles].map(([role, key]) => `${role}: ${key}`),
			...transports.map((each) => `transport: ${each}`),
		]);
	}
	const sorted = [...items].sort(([a], [b]) => (a < b ? -1 : 1));
	return `${JSON.stringify({ formatVersion: LOCK_FORMAT, package: surface.id, items: Object.fromEntries(sorted) }, null, "\t")}\n`;
}

export function functionText({ kind, async: isAsync, blocking, params, result }: FuncDecl): string {
	const list = params.map(({ name, type }) => `${name}: ${typeText(type)}`).join(", ");
	return [
		...(blocking ? ["@blocking"] : []),
		...(kind === "freestanding" ? [] : [kind]),
		...(isAsync ? ["async"] : []),
		`func(${list})`,
		...(result === undefined ? [] : ["->", typeText(result)]),
	].join(" ");
}

function portText({ key, name, target }: Port): string {
	if (target.kind === "function") return `${key}: ${functionText(target.func)}`;
	if (target.scope === name) return key;
	return `${key}: ${target.scope.endsWith(` ${key}`) ? INLINE : target.scope}`;
}

/** Returns undefined for a text that is no lock of this format, or one with a type that holds itself. */
export function parseLock(text: string): Surface | undefined {
	try {
		return readLock(JSON.parse(text));
	} catch (cause) {
		if (cause instanceof SyntaxError) return undefined;
		throw cause;
	}
}

/** @throws SyntaxError */
function readLock(value: unknown): Surface {
	if (!isRecord(value) || value.formatVersion !== LOCK_FORMAT || typeof value.package !== "string" || !isRecord(value.items))
		throw new SyntaxError("no lock");
	const items = new Map(Object.entries(value.items).map(([key, item]) => [key, readItem(item)]));
	const children = childrenOf(items);
	const scopes = new Map<string, Scope>();
	const operations = new Map<string, Operation>();
	for (const [key, item] of items) {
		if (item.kind === "interface" || item.kind === "world") scopes.set(key, readScope(key, item, items, children));
		if (item.kind === "operation") operations.set(key.slice("operation ".length), readOperation(key, item));
	}
	const surface = { id: value.package, scopes, operations };
	// The comparison follows names to their end.
	if (cycleIn(surface)) throw new SyntaxError("a type holds itself");
	return surface;
}

function readItem(value: unknown): LockItem {
	if (!isRecord(value) || typeof value.kind !== "string") throw new SyntaxError("no item");
	const { kind, shape = [], tags = [] } = value;
	if (!(typeof shape === "string" || isStrings(shape)) || !isStrings(tags)) throw new SyntaxError("no shape");
	return { kind, shape, tags };
}

/** Keys of items by the key in front of their last full stop. */
function childrenOf(items: ReadonlyMap<string, LockItem>): Map<string, string[]> {
	const children = new Map<string, string[]>();
	for (const [key, { kind }] of items) {
		if (kind === "interface" || kind === "world" || kind === "operation") continue;
		const parent = key.slice(0, Math.max(0, key.lastIndexOf(".")));
		if (!items.has(parent)) throw new SyntaxError("an item of nothing");
		const siblings = children.get(parent) ?? [];
		children.set(parent, siblings);
		siblings.push(key);
	}
	return children;
}

function readScope(key: string, item: LockItem, items: ReadonlyMap<string, LockItem>, children: ReadonlyMap<string, string[]>): Scope {
	const uses = new Map<string, UseDecl>();
	const ports = new Map<string, Port>();
	for (const line of lines(item)) {
		const [head, rest] = splitName(line);
		if (item.kind === "interface") uses.set(head, { name: head, target: rest });
		else if (head.startsWith("use ")) uses.set(head.slice(4), { name: head.slice(4), target: rest });
		else ports.set(head, readPort(key, head, rest, items));
	}
	const types = new Map<string, TypeDecl>();
	const functions = new Map<string, FuncDecl>();
	for (const child of children.get(key) ?? []) {
		const found = items.get(child);
		const name = child.slice(key.length + 1);
		const kind = TYPE_KINDS.find((each) => each === found?.kind);
		if (found === undefined) continue;
		if (found.kind === "func") functions.set(name, readFunction(child, name, line(found)));
		else if (kind !== undefined) types.set(name, readType(child, name, kind, found, items, children));
		else throw new SyntaxError("an item of another kind");
	}
	return { key, kind: item.kind === "world" ? "world" : "interface", types, uses, functions, ports, implied: new Set() };
}

function readPort(world: string, key: string, rest: string, items: ReadonlyMap<string, LockItem>): Port {
	const [, word, name] = /^(import|export) (.+)$/.exec(key) ?? [];
	if (word === undefined || name === undefined) throw new SyntaxError("no import and no export");
	const direction: Direction = word === "import" ? "import" : "export";
	if (rest.includes("func("))
		return { key, direction, name, target: { kind: "function", func: readFunction(`${world}.${name}`, name, rest) } };
	const scope = rest === INLINE ? `${world} ${key}` : rest === "" ? name : rest;
	if (items.get(scope)?.kind !== "interface") throw new SyntaxError("no such interface");
	return { key, direction, name, target: { kind: "interface", scope } };
}

function readType(
	key: string,
	name: string,
	kind: TypeKind,
	item: LockItem,
	items: ReadonlyMap<string, LockItem>,
	children: ReadonlyMap<string, string[]>,
): TypeDecl {
	const isList = kind !== "alias" && kind !== "resource";
	const functions = new Map<string, FuncDecl>();
	for (const child of kind === "resource" ? (children.get(key) ?? []) : []) {
		const own = child.slice(key.length + 1);
		const found = items.get(child);
		if (found !== undefined) functions.set(own, readFunction(child, own, line(found)));
	}
	return {
		key,
		name,
		kind,
		parts: isList ? lines(item).map((text) => readPart(key, text, items)) : [],
		functions,
		tags: item.tags ?? [],
		...(kind === "alias" ? { target: readTypeText(line(item)) } : {}),
	};
}

function readPart(record: string, text: string, items: ReadonlyMap<string, LockItem>): Part {
	const [name, type] = splitName(text);
	const limits = new Map<string, string>();
	const features: string[] = [];
	const promises = items.get(`${record}.${name}`);
	for (const promise of promises?.kind === "limits" ? lines(promises) : []) {
		const [limit, value] = splitName(promise);
		if (limit === "feature") features.push(value);
		else limits.set(limit, value);
	}
	return { name, limits, features, ...(type === "" ? {} : { type: readTypeText(type) }) };
}

function readFunction(key: string, name: string, text: string): FuncDecl {
	const match = /^(@blocking )?(?:(method|static|constructor) )?(async )?func\(([^()]*)\)(?: -> ([^()]+))?$/.exec(text);
	if (match === null) throw new SyntaxError("no function");
	const [, blocking, word, isAsync, list = "", result] = match;
	const kind = (["method", "static", "constructor"] as const).find((each) => each === word) ?? "freestanding";
	const params = splitList(list).map((each) => {
		const [param, type] = splitName(each);
		return { name: param, type: readTypeText(type) };
	});
	return {
		key,
		name,
		kind,
		async: isAsync !== undefined,
		blocking: blocking !== undefined,
		params,
		...(result === undefined ? {} : { result: readTypeText(result) }),
	};
}

function readOperation(key: string, item: LockItem): Operation {
	const entries = lines(item).map(splitName);
	return {
		name: key.slice("operation ".length),
		roles: new Map(entries.filter(([role]) => role !== "transport")),
		transports: entries.filter(([role]) => role === "transport").map(([, name]) => name),
	};
}

function readTypeText(text: string): TypeNode {
	const node = parseType(text);
	if (node === undefined) throw new SyntaxError("no type");
	return node;
}

/** Splits at commas outside angle brackets. */
function splitList(text: string): string[] {
	const entries: string[] = [];
	let depth = 0;
	let start = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === "<") depth++;
		else if (text[at] === ">") depth--;
		else if (text[at] === "," && depth === 0) {
			entries.push(text.slice(start, at).trim());
			start = at + 1;
		}
	}
	const last = text.slice(start).trim();
	return last === "" ? entries : [...entries, last];
}

/** `query: string` → `query`, `string`. The second is empty if there is no colon. */
function splitName(text: string): [name: string, rest: string] {
	const at = text.indexOf(": ");
	return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
}

function lines({ shape = [] }: LockItem): readonly string[] {
	return typeof shape === "string" ? [shape] : shape;
}

function line(item: LockItem): string {
	return lines(item)[0] ?? "";
}

function isStrings(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
