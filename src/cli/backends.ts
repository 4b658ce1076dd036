import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { createHost } from "../host/create-host.ts";
import type { BackendSummary } from "../host/host.ts";
import { isSecretFile } from "../host/secret-sources.ts";
import { findConfig } from "./config-path.ts";
import { EXIT } from "./exit-codes.ts";
import { quietDefault } from "./host-options.ts";
import { jsonLine } from "./json-line.ts";
import type { LogCommand } from "./log-options.ts";
import { megabytes } from "./megabytes.ts";
import { printFailure } from "./print-failure.ts";

/** Options of `spear backends`. */
export interface BackendsCommand extends LogCommand {
	readonly config?: string;
	readonly json?: boolean;
	/** Belongs to a check. A list without one refuses it. */
	readonly timeout?: number;
}

/** Runs `spear backends`: prints the configured backends and their capabilities. Contacts no upstream. Returns the exit code. */
export async function backends(command: BackendsCommand): Promise<number> {
	try {
		if (command.timeout !== undefined)
			throw new SpearError("invalid_request", "--timeout: a list contacts no backend; add --check or --models, or omit the option");
		const config = findConfig(command.config);
		const host = await createHost(quietDefault(config, command));
		const list = host.backends();
		await host.close();
		process.stdout.write(command.json ? jsonLine({ config: config ?? null, backends: list }) : describe(list, config));
		return EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, command);
	}
}

function describe(list: readonly BackendSummary[], config: string | undefined): string {
	const lines = list.flatMap(({ name, kind, operations, residentModels, hasKey, missingKeys, priority, weight }) => [
		`${name}  (${kind}${priority === 0 ? "" : `, priority ${priority}`}${weight === 1 ? "" : `, weight ${weight}`})${kind === "stub" ? "  answers with made-up content" : ""}${keyNote(hasKey, missingKeys)}`,
		...Object.entries(operations).map(
			([operation, { features, transports, models }]) =>
				`  ${operation}  ${models.length === 0 ? "any model" : models.join(", ")}; ${transports.join(", ")}${features.length === 0 ? "" : `; ${features.join(", ")}`}`,
		),
		...residentModels.map(
			(model) =>
				`  runs ${model.name} in this process${model.memoryBytes === undefined ? "" : `: ${megabytes(model.memoryBytes)} of memory while loaded`}`,
		),
	]);
	const title = list.some((backend) => backend.isEmbedded)
		? `no backends are configured${config === undefined ? "" : ` in ${config}`}; the defaults of this machine:`
		: `backends of ${config}:`;
	return `${[title, ...lines].join("\n")}\n`;
}

/** Returns the note on keys that are not set. */
function keyNote(hasKey: boolean, missing: readonly string[]): string {
	if (missing.length === 0) return "";
	const variables = missing.filter((name) => !isSecretFile(name));
	const files = missing.filter(isSecretFile);
	const notSet = [
		...(variables.length === 0 ? [] : [`not set in the environment: ${variables.join(", ")}`]),
		...(files.length === 0 ? [] : [`no key in ${files.join(", ")}`]),
	].join("; ");
	return hasKey ? `  (${notSet})` : `  unavailable: ${notSet}`;
}
