/**
 * Record of the last clean run. If neither the generator nor its input has changed since, and every generated file is still what
 * the manifest says, there is nothing to do.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { below, statOf } from "../write/disk.ts";
import { hashOf } from "../write/hash.ts";
import { loadManifest, MANIFEST_NAME } from "../write/manifest.ts";
import { digestOf } from "./digest.ts";
import { filesBelow, generatorIdentity } from "./generator.ts";

const STAMP = "stamp.json";

export interface StampInput {
	/** Directories of WIT, with all that is below them. Absolute, as all paths here. */
	readonly directories: readonly string[];
	/** All else that decides over the files, e.g. the text of the configuration. */
	readonly settings: string;
	readonly outDir: string;
	/** The locks of the ABI, which a run both reads and writes. */
	readonly locks?: readonly string[];
	/** The directory that paths in messages are relative to. */
	readonly relativeTo: string;
}

/** Report of a run, for later runs that find nothing changed. */
export interface Stamp {
	readonly diagnostics: readonly Diagnostic[];
	/** Text of the files that the diagnostics point into. */
	readonly sources: readonly (readonly [file: string, text: string])[];
	readonly files: number;
}

interface StampFile extends Stamp {
	readonly key: string;
	/** Digests of what a run both reads and writes. */
	readonly manifest: string;
	readonly locks: readonly string[];
}

/** Digest of all that a run reads and does not write; undefined when it cannot be read, which is for the run itself to report. */
export function stampKey({ directories, settings, outDir, locks, relativeTo }: StampInput): string | undefined {
	try {
		const files = directories.flatMap((directory) => [directory, ...filesBelow(directory, locks)]);
		return digestOf([generatorIdentity(), outDir, relativeTo, settings, ...files]);
	} catch {
		return undefined;
	}
}

/** The stamp of the last run, if everything is still as that run left it. */
export function readStamp(directory: string, key: string, { outDir, locks = [] }: StampInput): Stamp | undefined {
	try {
		const { key: from, manifest, locks: digests, ...stamp }: StampFile = JSON.parse(readFileSync(path.join(directory, STAMP), "utf8"));
		const sameEnds =
			hashOf(path.join(outDir, MANIFEST_NAME)) === manifest &&
			digests.length === locks.length &&
			locks.every((lock, index) => hashOf(lock) === digests[index]);
		return from === key && sameEnds && isAsWritten(outDir) ? stamp : undefined;
	} catch {
		return undefined;
	}
}

/** Keeps the stamp of a run that left `outDir` current. A cache that cannot be written is no failure of the run. */
export function writeStamp(directory: string, key: string, { outDir, locks = [] }: StampInput, stamp: Stamp): void {
	const manifest = hashOf(path.join(outDir, MANIFEST_NAME));
	const digests = locks.flatMap((lock) => hashOf(lock) ?? []);
	if (manifest === undefined || digests.length < locks.length) return;
	try {
		mkdirSync(directory, { recursive: true });
		const file = path.join(directory, STAMP);
		writeFileSync(`${file}.${process.pid}`, JSON.stringify({ key, manifest, locks: digests, ...stamp } satisfies StampFile));
		renameSync(`${file}.${process.pid}`, file);
	} catch {}
}

/** True if every file of the manifest is in its place, below directories that are none but directories. */
function isAsWritten(outDir: string): boolean {
	const reading = loadManifest(outDir);
	if (!reading.ok) return false;
	const directories = new Set<string>();
	for (const [file, { sha256: digest }] of reading.manifest) {
		if (hashOf(below(outDir, file)) !== digest) return false;
		for (let parent = path.posix.dirname(file); parent !== "."; parent = path.posix.dirname(parent)) directories.add(parent);
	}
	return [outDir, ...[...directories].map((each) => below(outDir, each))].every((each) => statOf(each)?.isDirectory());
}
