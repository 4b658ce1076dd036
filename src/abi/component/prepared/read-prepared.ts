import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import { SpearError } from "../../../errors/spear-error.ts";
import { type FileRecord, fileRecord, sha256 } from "../files/file-record.ts";
import type { UnplannedAgent } from "../prepare.ts";
import { broken, MANIFEST_FILE, moduleFile, PLAN_FILE, parseManifest, SOURCE_MAP_FILE } from "./manifest.ts";
import { parsePlan } from "./parse-plan.ts";

/** Largest manifest, in bytes. One of 64 core modules has 10 KB. */
const MAX_MANIFEST_BYTES = 1024 * 1024;

/** The files of a prepared agent, with its checksum. */
export interface FoundAgent extends UnplannedAgent {
	/** Checksum of the whole, as hexadecimal SHA-256. */
	readonly digest: string;
	/** Name for messages. */
	readonly name: string;
}

/**
 * Reads a prepared agent. Every file is verified against the manifest, and `prepare` verifies the form of the plan. A prepared agent is data: a
 * hostile one is refused, or is a guest like any other.
 *
 * @throws SpearError `invalid_request` naming the file that is missing, or that differs.
 */
export async function readPrepared(directory: string): Promise<FoundAgent> {
	const name = basename(directory);
	const path = join(directory, MANIFEST_FILE);
	const text = await readBounded(path, MAX_MANIFEST_BYTES).catch((cause: unknown) => {
		if (cause instanceof SpearError) throw cause;
		throw new SpearError("invalid_request", `${directory} is not a prepared agent: ${MANIFEST_FILE} cannot be read in it`, { cause });
	});
	const manifest = parseManifest(text.toString("utf8"), path);
	const [planText, map, ...modules] = await Promise.all([
		verified(join(directory, PLAN_FILE), manifest.plan),
		manifest.sourceMap === undefined ? undefined : verified(join(directory, SOURCE_MAP_FILE), manifest.sourceMap),
		...manifest.modules.map((record, index) => verified(join(directory, moduleFile(index)), record)),
	]);
	const digest = sha256(text);
	return {
		name,
		digest,
		modules,
		prepare: () => ({
			name,
			digest,
			plan: parsePlan(planText.toString("utf8"), join(directory, PLAN_FILE), modules.length),
			modules,
			...(map === undefined ? {} : { sourceMap: map.toString("utf8") }),
		}),
	};
}

async function verified(path: string, expected: FileRecord): Promise<Buffer> {
	const bytes = await readBounded(path, expected.bytes).catch((cause: unknown) => {
		if (cause instanceof SpearError) throw cause;
		throw broken(path, "cannot be read", cause);
	});
	const found = fileRecord(bytes);
	if (found.sha256 !== expected.sha256 || found.bytes !== expected.bytes) throw differs(path, found.bytes, expected);
	return bytes;
}

/** Reads a file that has at most `most` bytes. */
async function readBounded(path: string, most: number): Promise<Buffer> {
	const file = await open(path);
	try {
		const { size } = await file.stat();
		if (size > most) throw broken(path, `has ${size} bytes, and at most ${most} are expected`);
		return await file.readFile();
	} finally {
		await file.close();
	}
}

function differs(path: string, bytes: number, expected: FileRecord): SpearError {
	return broken(path, `is not the file its manifest describes (${bytes} bytes, expected ${expected.bytes})`);
}
