import process from "node:process";
import { bytesOnDisk, bytesToPull, type Model } from "../../src/model-store/model.ts";
import type { ModelStore } from "../../src/model-store/model-store.ts";
import { ask } from "./ask.ts";
import { runScript } from "./steps.ts";

/** Waits of npm before its repeats, in milliseconds. The default ones delay a machine without a network for a minute. */
const RETRIES = { npm_config_fetch_retry_mintimeout: "500", npm_config_fetch_retry_maxtimeout: "2000" };

/** Environment of downloads. Variables that the user has set hold. */
export function downloadEnvironment(): NodeJS.ProcessEnv {
	return { ...RETRIES, ...process.env };
}

/** Returns the models whose files are missing, or have other sizes. */
export async function missingModels(store: ModelStore, models: readonly Model[]): Promise<readonly Model[]> {
	const states = await Promise.all(models.map(async ({ name }) => (await store.status(name)).state));
	return models.filter((_, index) => states[index] !== "whole");
}

/**
 * Puts models on this machine, unless they are there or the user refuses. Says what is fetched, from where and why.
 *
 * @param purpose Completes the sentence "… need these models".
 * @returns The models that are still missing.
 */
export async function obtainModels(
	store: ModelStore,
	models: readonly Model[],
	purpose: string,
	isOffline: boolean,
): Promise<readonly Model[]> {
	const missing = await missingModels(store, models);
	if (missing.length === 0) {
		console.log(
			`All models are in ${store.directory} (${megabytes(models.reduce((sum, model) => sum + bytesOnDisk(model), 0))}). Nothing is fetched.`,
		);
		return missing;
	}
	const width = Math.max(...missing.map(({ name }) => name.length));
	console.log(`${purpose} need these models, which are not on this machine yet:`);
	for (const model of missing) {
		const { name, title, license } = model;
		console.log(`  ${name.padEnd(width)}  ${megabytes(bytesToPull(model)).padStart(7)}  ${title}; licence ${license}`);
	}
	if (isOffline) {
		console.log("Nothing is fetched, because this run is offline (--offline or SPEAR_START_OFFLINE=1).");
		return missing;
	}
	const total = megabytes(missing.reduce((sum, model) => sum + bytesToPull(model), 0));
	console.log(
		`They are parts of packages of ${sourcesOf(missing)}, from the registry that this machine is configured with. Every file is checked,`,
	);
	console.log(`no code of the packages runs, and the files stay in ${store.directory}. Later runs fetch nothing. Together ${total}.`);
	if (!(await ask(`Fetch ${total}?`))) {
		console.log(`Nothing is fetched. \`npm run spear -- models pull ${missing.map(({ name }) => name).join(" ")}\` does it later.`);
		return missing;
	}
	const code = runScript(["src/cli/main.ts", "models", "pull", ...missing.map(({ name }) => name)], downloadEnvironment());
	if (code === 130) process.exit(code);
	return missingModels(store, models);
}

function sourcesOf(models: readonly Model[]): string {
	const registries = new Set(models.flatMap(({ packages }) => packages.map(({ registry }) => (registry === "npm" ? "npm" : "PyPI"))));
	return [...registries].join(" and ");
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
