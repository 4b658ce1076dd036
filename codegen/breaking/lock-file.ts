/**
 * `wit/abi.lock.json`: what the ABI promised when code was last generated. Source, not output: it is checked in and
 * reviewed, grows by itself with additions, and changes otherwise only when a break is accepted.
 */

import { readFileSync } from "node:fs";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Abi } from "../model/abi.ts";
import type { PackageId, Span } from "../model/model.ts";
import { SourceFile } from "../wit/source-file.ts";
import { isErrno } from "../write/disk.ts";
import { type Break, findBreaks, type LockItems } from "./compare.ts";
import { LOCK_NAME } from "./lock-name.ts";
import { reachOfTypes } from "./reach.ts";
import { type LockItem, packageName, type SignedItem, signatures } from "./signature.ts";

const LOCK_FORMAT = 1;
/** The package's own entry; its shape is the package with its version. */
const PACKAGE_KEY = "@package";

export interface LockCheck {
	/** Files in the spans are relative to the WIT directory. */
	readonly diagnostics: readonly Diagnostic[];
	/** The lock as read, for code frames; absent when there is none yet. */
	readonly source?: SourceFile;
	/** The lock that records the WIT as it is now. */
	readonly next: string;
}

export function checkLock(abi: Abi, file: string): LockCheck {
	const signed = signatures(abi);
	const next = printLock(abi.model.main.id, signed);
	const text = readIfThere(file);
	if (text === undefined) return { diagnostics: [], next };
	const source = new SourceFile(LOCK_NAME, text);
	const before = parseLock(text);
	if (before === undefined) {
		const span = source.span({ start: 0, end: 1 });
		const help =
			"restore it from version control, or begin a new one with `--accept-breaking`, which gives up the promise to guests built before";
		return {
			diagnostics: [diagnostic("error", "invalid-abi-lock", span, `\`${LOCK_NAME}\` is not a lock that this codegen can read`, { help })],
			source,
			next,
		};
	}
	const firstSpan = abi.model.main.interfaces[0]?.span ?? source.span({ start: 0, end: 0 });
	const after = new Map<string, SignedItem>([
		[PACKAGE_KEY, { kind: "package", shape: fullName(abi.model.main.id), span: firstSpan }],
		...signed,
	]);
	const breaks = findBreaks(before, after, reachOfTypes(abi));
	const help = `undo it, offer the new form under a new name beside the old one, or accept it with \`--accept-breaking\`${bump(before, abi.model.main.id)}`;
	return {
		diagnostics: breaks.map((each) => diagnostic("error", each.code, placeOf(each, after, source), each.message, { help })),
		source,
		next,
	};
}

/** The place to mend a break: in the WIT if the item is still there, else in the lock. */
function placeOf(found: Break, after: ReadonlyMap<string, SignedItem>, lock: SourceFile): Span {
	const item = after.get(found.key);
	const part = found.part === undefined ? undefined : item?.partSpans?.[found.part];
	if (item !== undefined) return part ?? item.span;
	const literal = JSON.stringify(found.key);
	const start = Math.max(0, lock.text.indexOf(`${literal}:`));
	return lock.span({ start, end: start + literal.length });
}

function bump(before: LockItems, id: PackageId): string {
	const old = before.get(PACKAGE_KEY)?.shape;
	const [major, minor] = (id.version ?? "").split(".").map(Number);
	if (old !== fullName(id) || major === undefined || minor === undefined) return "";
	return ` and raise the version of the package to \`${major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`}\``;
}

export function printLock(id: PackageId, items: LockItems): string {
	const sorted = [...items].sort(([a], [b]) => (a < b ? -1 : 1));
	const plain = sorted.map(([key, { kind, shape }]) => [key, shape === "" ? { kind } : { kind, shape }]);
	return `${JSON.stringify({ formatVersion: LOCK_FORMAT, package: fullName(id), items: Object.fromEntries(plain) }, null, "\t")}\n`;
}

/** Undefined when the text is not a lock of the format we know. */
export function parseLock(text: string): LockItems | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isRecord(value) || value.formatVersion !== LOCK_FORMAT || typeof value.package !== "string" || !isRecord(value.items))
		return undefined;
	const items = new Map<string, LockItem>([[PACKAGE_KEY, { kind: "package", shape: value.package }]]);
	for (const [key, item] of Object.entries(value.items)) {
		if (!isRecord(item)) return undefined;
		const shape = item.shape ?? "";
		if (!isKind(item.kind) || !(typeof shape === "string" || isStrings(shape))) return undefined;
		items.set(key, { kind: item.kind, shape });
	}
	return items;
}

function fullName(id: PackageId): string {
	return `${packageName(id)}${id.version === undefined ? "" : `@${id.version}`}`;
}

function readIfThere(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		if (isErrno(cause, "ENOENT")) return undefined;
		throw cause;
	}
}

const KINDS: ReadonlySet<string> = new Set<LockItem["kind"]>([
	"interface",
	"operation",
	"feature",
	"record",
	"variant",
	"enum",
	"flags",
	"alias",
	"resource",
	"func",
	"limits",
	"world",
]);

function isKind(value: unknown): value is LockItem["kind"] {
	return typeof value === "string" && KINDS.has(value);
}

function isStrings(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
