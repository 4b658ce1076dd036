/**
 * `wit/abi.lock.json`: the surface of the package when code was last generated. Source, not output: it is checked in and
 * reviewed, grows by itself with additions, and changes otherwise only when a break is accepted.
 */
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { CoreAbi } from "../model/core/core-abi.ts";
import { CORE_DIRECTORY } from "../model/core/core-directory.ts";
import type { Model, Package, Span } from "../model/model.ts";
import { SourceFile } from "../wit/source-file.ts";
import { isErrno } from "../write/disk.ts";
import { compareSurfaces } from "./compare.ts";
import { compareCoreSurfaces } from "./core/compare-core.ts";
import { parseCoreLock, printCoreLock } from "./core/core-lock.ts";
import { coreSurfaceOf } from "./core/core-surface.ts";
import type { Finding } from "./finding.ts";
import { MAX_LOCK_BYTES, parseLock, printLock } from "./lock-format.ts";
import { LOCK_NAME } from "./lock-name.ts";
import { bumped } from "./rules.ts";
import { packageText, surfaceOf } from "./surface-of-model.ts";
import { breakDiagnostics } from "./verdict.ts";

export interface LockCheck {
	/** Files in the spans are relative to the WIT directory. */
	readonly diagnostics: readonly Diagnostic[];
	/** The lock as read, for code frames; absent when there is none yet. */
	readonly source?: SourceFile;
	/** The lock that records the WIT as it is now. */
	readonly next: string;
}

export interface LockOptions {
	/** True if code was generated before, so that a lock should be there. */
	readonly isExpected: boolean;
}

/** A surface of today, and how it is written down and compared. */
interface Locked<S extends { readonly id: string }> {
	readonly surface: S;
	/** Name of the lock, relative to the WIT directory. */
	readonly name: string;
	readonly main: Package;
	print(surface: S): string;
	parse(text: string): S | undefined;
	compare(before: S, after: S): readonly Finding[];
}

/** Compares the WIT with its lock. Breaks are errors; additions are silent, and get into the next lock. */
export function checkLock(model: Model, file: string, options: LockOptions): LockCheck {
	const surface = surfaceOf(model);
	return check({ surface, name: LOCK_NAME, main: model.main, print: printLock, parse: parseLock, compare: compareSurfaces }, file, options);
}

/** The same for the hostcalls of core modules, whose package is in a directory of its own. */
export function checkCoreLock(abi: CoreAbi, file: string, options: LockOptions): LockCheck {
	const locked = {
		surface: coreSurfaceOf(abi),
		name: `${CORE_DIRECTORY}/${LOCK_NAME}`,
		main: abi.model.main,
		print: printCoreLock,
		parse: parseCoreLock,
		compare: compareCoreSurfaces,
	};
	return check(locked, file, options);
}

function check<S extends { readonly id: string }>(locked: Locked<S>, file: string, { isExpected }: LockOptions): LockCheck {
	const { surface, name } = locked;
	const next = locked.print(surface);
	const text = readIfThere(file);
	const whole = (lock: SourceFile): Span => lock.span({ start: 0, end: Math.min(1, lock.text.length) });
	if (text === undefined) {
		if (!isExpected) return { diagnostics: [], next };
		const message = `\`${name}\` is missing, but code was generated before: a change that breaks guests would go unseen`;
		const help = "restore it from version control, or begin a new one with `--accept-breaking`";
		return { diagnostics: [diagnostic("error", "missing-abi-lock", whole(new SourceFile(name, "")), message, { help })], next };
	}
	const source = new SourceFile(name, text);
	// Most edits leave the surface as it is.
	if (text === next) return { diagnostics: [], source, next };
	const before = locked.parse(text);
	if (before === undefined) {
		const help =
			"restore it from version control, or begin a new one with `--accept-breaking`, which gives up the promise to guests built before";
		const message = `\`${name}\` is not a lock that this codegen can read`;
		return { diagnostics: [diagnostic("error", "invalid-abi-lock", whole(source), message, { help })], source, next };
	}
	const wayOut = `accept it with \`--accept-breaking\`${nextVersion(before.id, locked.main)}`;
	const diagnostics = breakDiagnostics(locked.compare(before, surface), (found) => placeInLock(found, source), wayOut);
	return { diagnostics, source, next };
}

/** The place of an item that is gone from the WIT. A part is found by the item that holds it. */
function placeInLock({ item }: Finding, lock: SourceFile): Span {
	const literal = JSON.stringify(item);
	const start = Math.max(0, lock.text.indexOf(`${literal}:`));
	return lock.span({ start, end: Math.min(lock.text.length, start + literal.length) });
}

function nextVersion(before: string, { id }: Package): string {
	if (id.version === undefined || before !== packageText(id)) return "";
	return ` and raise the version of the package to \`${bumped(id.version, "major")}\``;
}

/** The text is empty for a file of more bytes than any lock has, and an empty text is no lock. */
function readIfThere(file: string): string | undefined {
	let handle: number;
	try {
		handle = openSync(file, "r");
	} catch (cause) {
		if (isErrno(cause, "ENOENT")) return undefined;
		throw cause;
	}
	try {
		return fstatSync(handle).size > MAX_LOCK_BYTES ? "" : readFileSync(handle, "utf8");
	} finally {
		closeSync(handle);
	}
}
