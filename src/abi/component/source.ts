import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { sha256 } from "./files/file-record.ts";
import { type FoundAgent, readPrepared } from "./prepared/read-prepared.ts";

/** A component: its file (`.wasm`), the folder of a prepared agent (`NAME.spear`), or its bytes. */
export type ComponentSource = string | URL | Uint8Array;

/** A guest's file as it was found. */
export interface Found {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/**
 * Finds a component, without looking into its bytes.
 *
 * @throws SpearError `invalid_request` for a file that cannot be read, or a prepared agent that is broken.
 */
export async function findComponent(source: ComponentSource): Promise<Found | FoundAgent> {
	if (source instanceof Uint8Array) return { name: `component ${sha256(source).slice(0, 12)}`, bytes: source };
	return find(toPath(source));
}

/** Runs the load of a source. The message of an error names the file. */
export async function locating<T>(source: ComponentSource, load: () => Promise<T>): Promise<T> {
	try {
		return await load();
	} catch (thrown) {
		throw source instanceof Uint8Array ? thrown : located(thrown, toPath(source));
	}
}

/** Returns an error whose message names the file, unless it does already. */
function located(thrown: unknown, path: string): unknown {
	if (!(thrown instanceof SpearError) || thrown.message.includes(basename(path))) return thrown;
	return new SpearError(thrown.code, `${path}: ${thrown.message}`, { cause: thrown });
}

function toPath(source: string | URL): string {
	if (typeof source === "string") return resolve(source);
	if (source.protocol === "file:") return fileURLToPath(source);
	throw new SpearError("invalid_request", `a component cannot be loaded from a ${source.protocol} URL; fetch its bytes and pass those`);
}

async function find(path: string): Promise<Found | FoundAgent> {
	const info = await stat(path).catch((cause: unknown) => {
		throw new SpearError(
			"invalid_request",
			`${path} cannot be read; give the path of a component (.wasm) or of a prepared agent (.spear)`,
			{ cause },
		);
	});
	if (info.isDirectory()) return readPrepared(path);
	const bytes = await readFile(path).catch((cause: unknown) => {
		throw new SpearError("invalid_request", `${path} cannot be read: ${fileFault(cause)}`, { cause });
	});
	return { name: basename(path), bytes };
}
