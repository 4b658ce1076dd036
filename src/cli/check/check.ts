import process from "node:process";
import type { Settings } from "../../config/settings.ts";
import { printable } from "../../formats/printable.ts";
import { createHost } from "../../host/create-host.ts";
import { describeEmbedded } from "../../host/embedded-backends.ts";
import { SecretSources } from "../../host/secret-sources.ts";
import { validateConfig } from "../../host/validate-config.ts";
import { findConfig } from "../config-path.ts";
import { SILENT } from "../doctor/check-configuration.ts";
import { checkKeys } from "../doctor/check-keys.ts";
import { checkMcpServers } from "../doctor/check-mcp.ts";
import { checkUpstreams } from "../doctor/check-upstreams.ts";
import { describeDoctor } from "../doctor/describe-doctor.ts";
import type { DoctorCheck } from "../doctor/doctor-check.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printFailure } from "../print-failure.ts";
import { checkFiles } from "./check-files.ts";
import { checkServer } from "./check-server.ts";

/** Options of `spear check`. */
export interface ConfigCheckCommand {
	readonly config?: string;
	/** Asks each backend with one cheap request. */
	readonly live?: boolean;
	/** Longest time for each backend, in milliseconds. */
	readonly timeout?: number;
	readonly json?: boolean;
}

/**
 * Runs `spear check`: checks a configuration, and the keys and files that it names. Returns the exit code: 2 for a configuration with
 * faults, 1 for a key or a file that is missing and for a backend that fails its check.
 */
export async function check(command: ConfigCheckCommand): Promise<number> {
	const interrupt = interruptSignal();
	try {
		const config = findConfig(command.config);
		const settings = await validateConfig(config, process.env);
		const checks = [
			stateOf(config, settings),
			...checkKeys(settings.backends, new SecretSources(process.env)),
			...(await checkFiles(settings.backends)),
			...(await checkServer(settings.serve, new SecretSources(process.env))),
			...(await checkMcpServers(settings.mcpServers, process.env)),
			...(command.live ? await askBackends(config, command, interrupt.signal) : []),
		];
		const ok = checks.every(({ status }) => status !== "problem");
		process.stdout.write(command.json ? jsonLine({ ok, config: config ?? null, checks }) : printable(describeDoctor(checks)));
		return ok ? EXIT.ok : EXIT.failed;
	} catch (thrown) {
		return printFailure(thrown, command);
	} finally {
		interrupt.dispose();
	}
}

function stateOf(config: string | undefined, settings: Settings): DoctorCheck {
	const embedded = describeEmbedded(settings);
	const name = config ?? "embedded default";
	const message = embedded === undefined ? "valid" : `valid, without backends: ${embedded}`;
	return { area: "configuration", name, status: "ok", message };
}

async function askBackends(config: string | undefined, { timeout }: ConfigCheckCommand, signal: AbortSignal): Promise<DoctorCheck[]> {
	const host = await createHost({ logger: SILENT, ...(config === undefined ? {} : { config }) });
	try {
		return await checkUpstreams(host, { offline: false, signal, ...(timeout === undefined ? {} : { timeoutMs: timeout }) });
	} finally {
		await host.close();
	}
}
