/** The files of published packages, as their ordinary clients keep them. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Crate, ForeignPackage } from "./packages.ts";

/** Longest duration of one download, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** A package that cannot be had here: without a network, or without the client. */
export class Unavailable extends Error {
	override readonly name = "Unavailable";
}

/**
 * Returns the folder of the source of a package. A crate that the user's cargo does not have is downloaded by `cargo info`, which fetches the
 * crate alone, without its dependencies.
 *
 * @throws Unavailable
 * @throws Error for an archive with another hash than the pinned one
 */
export async function sourceFolder({ source }: ForeignPackage): Promise<string> {
	return "npm" in source ? resolve("node_modules", source.npm) : crateFolder(source);
}

async function crateFolder(crate: Crate): Promise<string> {
	const found = inCargoHome(crate) ?? (await download(crate));
	const hash = createHash("sha256").update(readFileSync(found.archive)).digest("hex");
	if (hash !== crate.sha256) throw new Error(`${nameOf(crate)} has the hash ${hash}, not ${crate.sha256}`);
	return found.folder;
}

interface Unpacked {
	readonly archive: string;
	readonly folder: string;
}

function inCargoHome(crate: Crate): Unpacked | undefined {
	const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
	const only = (pattern: string): string | undefined => globSync(pattern, { cwd: join(home, "registry") })[0];
	const archive = only(`cache/*/${nameOf(crate)}.crate`);
	const folder = only(`src/*/${nameOf(crate)}`);
	if (archive === undefined || folder === undefined) return undefined;
	return { archive: join(home, "registry", archive), folder: join(home, "registry", folder) };
}

async function download(crate: Crate): Promise<Unpacked> {
	try {
		// Outside of any workspace, and without the user's colours.
		const options = { cwd: tmpdir(), timeout: TIMEOUT_MS };
		await promisify(execFile)("cargo", ["info", "--color=never", `${crate.crate}@${crate.version}`], options);
	} catch (cause) {
		throw new Unavailable(reasonOf(cause), { cause });
	}
	const found = inCargoHome(crate);
	if (found === undefined) throw new Unavailable(`cargo has downloaded ${nameOf(crate)}, and does not keep the files`);
	return found;
}

function reasonOf(cause: unknown): string {
	const { code, killed, stderr } = Object(cause);
	if (code === "ENOENT") return "cargo is not installed";
	if (killed === true) return `no answer for ${TIMEOUT_MS / 1000} s`;
	return /^error: .*/m.exec(String(stderr))?.[0] ?? String(cause);
}

function nameOf({ crate, version }: Crate): string {
	return `${crate}-${version}`;
}
