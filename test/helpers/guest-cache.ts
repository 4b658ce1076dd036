import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Disk } from "../../codegen/write/disk.ts";
import { takeLock } from "../../codegen/write/lock.ts";
import { type BuildOptions, type BuildResult, buildGuest } from "../../src/build/build-guest.ts";

/** Text of a guest's modules by file name. `guest.ts` is the entry. */
export type GuestSources = Readonly<Record<string, string>>;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = join(ROOT, ".cache/tests/guests");

/** Longest wait for the build of another process, in milliseconds. A build takes some seconds, and several may be queued. */
const PATIENCE_MS = 120_000;

/** Inputs of a built guest besides its source: the compiler of guests, the guest library, the ABI and the versions of the engines. */
const INPUTS = [
	"src/build",
	"src/guest",
	"src/abi/component",
	"generated/guest/wit",
	"generated/abi/component/imports.ts",
	"package-lock.json",
];

const building = new Map<string, Promise<BuildResult>>();
let fingerprint: string | undefined;

/**
 * Builds a guest, or returns an earlier build of equal inputs from `.cache/`. Processes that build the same guest concurrently share one
 * build. The caller must not change the files of the build.
 */
export function cachedGuest(sources: GuestSources, options: Required<Pick<BuildOptions, "engine" | "world">>): Promise<BuildResult> {
	fingerprint ??= hash(INPUTS.flatMap(listFiles).map((path) => [path, readFileSync(join(ROOT, path), "base64")]));
	const directory = join(CACHE, hash([fingerprint, sources, options]));
	const built = building.get(directory) ?? load(directory, sources, options);
	building.set(directory, built);
	return built;
}

async function load(directory: string, sources: GuestSources, options: Pick<BuildOptions, "engine" | "world">): Promise<BuildResult> {
	const known = read(directory);
	if (known !== undefined) return known;
	const disk = new Disk();
	const unlock = await takeLock(disk, `${directory}.lock`, { patienceMs: PATIENCE_MS });
	try {
		const meanwhile = read(directory);
		return meanwhile ?? (await build(directory, sources, options));
	} finally {
		unlock();
		disk.removeIfEmpty(`${directory}.lock`);
	}
}

/** Builds in a temporary directory and moves it to its place. */
async function build(directory: string, sources: GuestSources, options: Pick<BuildOptions, "engine" | "world">): Promise<BuildResult> {
	const fresh = mkdtempSync(`${directory}.`);
	try {
		for (const [name, text] of Object.entries(sources)) writeFileSync(join(fresh, name), text);
		const result = await buildGuest({ ...options, entry: join(fresh, "guest.ts"), out: join(fresh, "guest.wasm") });
		writeFileSync(join(fresh, "result.json"), JSON.stringify(result));
		renameSync(fresh, directory);
		return at(directory, result);
	} finally {
		rmSync(fresh, { recursive: true, force: true });
	}
}

/** Returns a build with its paths in another directory. */
function at(directory: string, result: BuildResult): BuildResult {
	return { ...result, component: join(directory, "guest.wasm"), prepared: join(directory, "guest.spear") };
}

/** Returns the finished build in a directory, or `undefined` if there is none. */
function read(directory: string): BuildResult | undefined {
	try {
		return at(directory, JSON.parse(readFileSync(join(directory, "result.json"), "utf8")));
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw error;
	}
}

/** Returns the files below a directory, or the path itself if it is a file. Paths are relative to the root. */
function listFiles(path: string): string[] {
	if (/\.\w+$/.test(path)) return [path];
	return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
		.map((name) => `${path}/${name.replaceAll("\\", "/")}`)
		.filter((name) => /\.\w+$/.test(name))
		.sort();
}

function hash(value: unknown): string {
	return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
