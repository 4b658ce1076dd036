import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isAbsent } from "../../errors/is-absent.ts";
import type { ModelPackage, Registry } from "../model.ts";
import { clientFailure, clientMissing } from "./client-failure.ts";
import { describePackage } from "./describe-package.ts";
import { watchGrowth } from "./folder-growth.ts";
import { type ClientResult, runClient } from "./run-client.ts";

/** Options of a download. */
export interface DownloadOptions {
	/** Empty folder for the client's files. The caller removes it. */
	readonly folder: string;
	/** Environment of the client. */
	readonly env: NodeJS.ProcessEnv;
	readonly signal?: AbortSignal;
	/** Receives the number of bytes that the client has written so far. */
	readonly onBytes: (bytes: number) => void;
}

/** The ordinary client of a registry. Runs no script of a package. */
interface Client {
	readonly name: string;
	/** Commands that start the client, the first that is installed. */
	readonly commands: readonly (readonly [command: string, ...args: string[]])[];
	/** Arguments that download one package into `target`. */
	readonly args: (item: ModelPackage, target: string) => readonly string[];
	/** Variables that lead the client's unfinished files into `folder`, so that they can be counted and removed. */
	readonly env: (folder: string) => NodeJS.ProcessEnv;
}

const CLIENTS: Readonly<Record<Registry, Client>> = {
	npm: {
		name: "npm",
		commands: [["npm", "pack"]],
		args: (item, target) => [describePackage(item), "--ignore-scripts", "--loglevel=error", "--pack-destination", target],
		env: (folder) => ({ npm_config_cache: folder, npm_config_update_notifier: "false" }),
	},
	pypi: {
		name: "pip",
		commands: [
			["python3", "-m", "pip", "download"],
			["python", "-m", "pip", "download"],
		],
		args: (item, target) => [
			"--no-deps",
			"--only-binary=:all:",
			"--no-input",
			"--disable-pip-version-check",
			"--progress-bar=off",
			"--dest",
			target,
			describePackage(item),
		],
		env: (folder) => ({ TMPDIR: folder, TEMP: folder, TMP: folder }),
	},
};

/**
 * Downloads a package with the ordinary client of its registry, so that the user's own configuration holds: registry, mirror, credentials,
 * proxy, certificates. Returns the path of the package, whose digest was not checked.
 *
 * @throws SpearError with the reason and the remedy if the client fails, or the reason of an abort.
 */
export async function downloadPackage(item: ModelPackage, options: DownloadOptions): Promise<string> {
	const client = CLIENTS[item.registry];
	const { folder, signal, onBytes } = options;
	const env = { ...options.env, ...client.env(folder) };
	const args = client.args(item, folder);
	const growth = watchGrowth(folder, (bytes) => onBytes(Math.min(bytes, item.bytes)));
	try {
		const { code, output } = await runFirst(client, args, env, item, signal);
		if (code !== 0) throw clientFailure(client.name, item, output);
		const names = await readdir(folder);
		const name = names.find((candidate) => /\.(?:tgz|whl)$/.test(candidate));
		if (name === undefined) throw clientFailure(client.name, item, output);
		return join(folder, name);
	} finally {
		growth.stop();
	}
}

/** Runs the first command of a client that is installed. */
async function runFirst(
	client: Client,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	item: ModelPackage,
	signal: AbortSignal | undefined,
): Promise<ClientResult> {
	for (const [command, ...first] of client.commands) {
		try {
			const result = await runClient(command, [...first, ...args], env, signal);
			if (result.code === 0 || !/No module named pip/.test(result.output)) return result;
		} catch (thrown) {
			if (!isAbsent(thrown)) throw thrown;
		}
	}
	throw clientMissing(client.name, item);
}
