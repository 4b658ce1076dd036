import process from "node:process";
import type { AdminClient } from "../../admin-client/admin-client.ts";
import { AdminError } from "../../admin-client/admin-error.ts";
import { printable } from "../../formats/printable.ts";
import type { ClusterReloadStep, ConfigDiff, ConfigFault, HostFailed, NameDiff, ReloadAnswer } from "../../serve/admin/api.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printToStderr } from "../terminal.ts";
import { type ConnectionOptions, connectionOf, printAdminFailure } from "./connection.ts";
import { shortTime } from "./numbers.ts";

/** Characters of a digest that are shown. */
const DIGEST = 12;

/** Options of `spear reload`. */
export interface ReloadCommand extends ConnectionOptions {
	/** All hosts that share a store with the server. */
	readonly all?: boolean;
	readonly dryRun?: boolean;
}

/**
 * Runs `spear reload`: a running server reads its configuration again, or all hosts do so one after the other. Returns the exit code: 2 for a configuration
 * that cannot be used, 1 for another failure.
 */
export async function reload(command: ReloadCommand): Promise<number> {
	const interrupt = interruptSignal(() => {
		if (command.all) printToStderr("spear: the reload stops before the next host\n");
	});
	let address = "";
	try {
		const { admin, url } = await connectionOf(command);
		address = url;
		if (command.all) return await reloadAll(admin, command, interrupt.signal);
		const answer = await admin.reload({ dry_run: command.dryRun === true }, { signal: interrupt.signal });
		process.stdout.write(command.json ? jsonLine(answer) : printable(answerText(answer)));
		return EXIT.ok;
	} catch (thrown) {
		const code = printAdminFailure(thrown, address, command);
		if (thrown instanceof AdminError && !command.json) printToStderr(printable(faultLines(thrown.faults)));
		return code;
	} finally {
		interrupt.dispose();
	}
}

async function reloadAll(admin: AdminClient, { dryRun, json }: ReloadCommand, signal: AbortSignal): Promise<number> {
	const failures: HostFailed[] = [];
	for await (const step of admin.reloadCluster({ dry_run: dryRun === true }, { signal })) {
		process.stdout.write(json ? jsonLine(step) : printable(stepText(step)));
		if (step.type === "failed") failures.push(step);
		if (step.type !== "end") continue;
		if (step.outcome === "done" || step.outcome === "checked") return EXIT.ok;
		const isUsage = step.outcome === "refused" && failures.some(({ code }) => code === "invalid_config");
		return isUsage ? EXIT.usage : EXIT.failed;
	}
	return EXIT.failed;
}

function stepText(step: ClusterReloadStep): string {
	switch (step.type) {
		case "checked": {
			const restart = step.need_restart.length === 0 ? "" : `; a restart is needed for ${step.need_restart.join(", ")}`;
			return `${step.host}: can use the configuration ${step.digest.slice(0, DIGEST)}${restart}\n`;
		}
		case "reloading":
			return `${step.host}: reloads\n`;
		case "reloaded":
			return `${step.host}: serves with the configuration ${step.digest.slice(0, DIGEST)} after ${shortTime(step.duration_ms)}\n`;
		case "skipped":
			return `${step.host}: left out: ${step.message}\n`;
		case "failed":
			return `${step.host}: FAILED: ${step.message}\n${faultLines(step.faults)}`;
		case "end": {
			const configs = step.configs.map(({ digest, hosts }) => `  ${digest.slice(0, DIGEST)}  ${hosts.join(", ")}\n`).join("");
			return `${OUTCOMES[step.outcome]}\n${step.configs.length > 1 || step.outcome === "stopped" ? `configurations in use:\n${configs}` : ""}`;
		}
	}
}

const OUTCOMES = {
	done: "all hosts were reloaded",
	checked: "all hosts can use their configurations; nothing was changed",
	refused: "a host cannot use its configuration, or does not answer; nothing was changed",
	stopped: "the reload has stopped; the hosts after the last one were not changed",
} as const;

function answerText({ applied, digest, diff }: ReloadAnswer): string {
	const changes = changeLines(diff);
	const head = applied ? "the configuration was reloaded" : "the configuration can be used; nothing was changed";
	return `${head}: ${digest.slice(0, DIGEST)}${changes === "" ? ", without a change" : ""}\n${changes}`;
}

function changeLines({ need_restart, replaced_backends: _, ...tables }: ConfigDiff): string {
	const lines = Object.entries(tables).flatMap(([table, { added, removed, changed }]: [string, NameDiff]) => {
		const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`), ...changed.map((name) => `~${name}`)];
		return names.length === 0 ? [] : [`  ${table}: ${names.join(" ")}\n`];
	});
	return `${lines.join("")}${need_restart.length === 0 ? "" : `  a restart is needed for ${need_restart.join(", ")}\n`}`;
}

function faultLines(faults: readonly ConfigFault[]): string {
	return faults.map(({ path, line, message }) => `  ${path}${line === undefined ? "" : ` (line ${line})`}: ${message}\n`).join("");
}
