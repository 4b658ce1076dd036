import process from "node:process";
import { printable } from "../../formats/printable.ts";
import { SecretSources } from "../../host/secret-sources.ts";
import { packageManifest } from "../../packages/package-manifest.ts";
import { findConfig } from "../config-path.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printFailure } from "../print-failure.ts";
import { checkCache } from "./check-cache.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { checkEngines } from "./check-engines.ts";
import { checkKeys } from "./check-keys.ts";
import { checkMcpServers } from "./check-mcp.ts";
import { checkModels } from "./check-models.ts";
import { checkNode } from "./check-node.ts";
import { checkPort } from "./check-port.ts";
import { checkUpstreams } from "./check-upstreams.ts";
import { describeDoctor } from "./describe-doctor.ts";
import { type DoctorCheck, failedCheck } from "./doctor-check.ts";
import { findPackage } from "./find-package.ts";

/** Options of `spear doctor`. */
export interface DoctorCommand {
	readonly config?: string;
	/** Asks no other machine. */
	readonly offline?: boolean;
	/** Compares each file of a model with its digest. The default is true. */
	readonly verify?: boolean;
	/** A port to check. */
	readonly port?: number;
	/** Longest time for each backend, in milliseconds. */
	readonly timeout?: number;
	readonly json?: boolean;
}

/**
 * Runs `spear doctor`: checks what spear needs on this machine, and prints what to do about each fault. Returns the exit code: 1 if there is
 * a problem. Warnings are none.
 */
export async function doctor(command: DoctorCommand): Promise<number> {
	const interrupt = interruptSignal();
	try {
		const checks = await allChecks(command, interrupt.signal);
		const ok = checks.every(({ status }) => status !== "problem");
		process.stdout.write(command.json ? jsonLine({ ok, checks }) : printable(describeDoctor(checks)));
		return ok ? EXIT.ok : EXIT.failed;
	} catch (thrown) {
		return printFailure(thrown, command);
	} finally {
		interrupt.dispose();
	}
}

async function allChecks(command: DoctorCommand, signal: AbortSignal): Promise<DoctorCheck[]> {
	const { offline = false, verify = true, port, timeout } = command;
	const { checks: configuration, settings, host } = await checkConfiguration(findConfig(command.config));
	try {
		const options = { offline, signal, ...(timeout === undefined ? {} : { timeoutMs: timeout }) };
		const backends =
			host === undefined
				? []
				: await checkUpstreams(host, options).catch((thrown) => [failedCheck("backend", "all", thrown, "run spear backends --check")]);
		return [
			checkNode(),
			...configuration,
			...checkKeys(settings?.backends ?? [], new SecretSources(process.env)),
			...backends,
			...(await checkEngines(findPackage, packageManifest().peers)),
			...(await checkModels({ verify, signal })),
			...(await checkMcpServers(settings?.mcpServers ?? new Map(), process.env)),
			await checkCache(settings?.cacheDir),
			...(port === undefined ? [] : [await checkPort(port)]),
		];
	} finally {
		await host?.close();
	}
}
