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
	const title = list.some((backend) => backend.isEmbedded)
		? `no backends are configured${config === undefined ? "" : ` in ${config}`}; the defaults of this machine:`
		: `backends of ${config}:`;
	return `${[title, ...list.flatMap(describeBackend)].join("\n")}\n`;
}

/** Longest line, in characters. */
const WIDTH = 80;

/** Indentation of the lists of an operation. */
const LABEL = 14;

const TRANSPORTS: Readonly<Record<string, string>> = { unary: "whole", server_stream: "streamed", bidi_stream: "live" };

function describeBackend({
	name,
	kind,
	operations,
	guessedModels,
	unrestrictedModels,
	residentModels,
	hasKey,
	missingKeys,
	priority,
	weight,
}: BackendSummary): string[] {
	const lines = [
		`${name}  (${kind}${priority === 0 ? "" : `, priority ${priority}`}${weight === 1 ? "" : `, weight ${weight}`})${kind === "stub" ? "  answers with made-up content" : ""}${keyNote(hasKey, missingKeys)}`,
	];
	const hasModels = Object.values(operations).some(({ models }) => models.length > 0);
	for (const [operation, { features, transports, models }] of Object.entries(operations)) {
		const ways = transports.map((transport) => TRANSPORTS[transport] ?? transport).join(", ");
		const any = models.length === 0 ? `, ${hasModels ? "no model" : "any model"}` : "";
		lines.push(`  ${operation}: ${ways}${any}`);
		lines.push(...listed("models", models), ...listed("features", features));
	}
	for (const { name: model, memoryBytes } of residentModels)
		lines.push(`  runs ${model} in this process${memoryBytes === undefined ? "" : `: ${megabytes(memoryBytes)} of memory while loaded`}`);
	if (guessedModels.length > 0)
		lines.push(
			...wrapped(
				`warning: the operations of ${guessedModels.join(", ")} follow from the names; to be sure, write operations = [...] in the model's entry`,
				"  ",
				"    ",
				" ",
			),
		);
	if (unrestrictedModels.length > 0) {
		const [subject, names] = [unrestrictedModels.join(", "), unrestrictedModels.length === 1 ? "the name tells" : "the names tell"];
		lines.push(
			...wrapped(
				`warning: ${subject} may receive requests of every operation, because ${names} none; write operations = [...] in the model's entry`,
				"  ",
				"    ",
				" ",
			),
		);
	}
	return lines;
}

/** Returns a list with its label, over several lines if need be. Empty for an empty list. */
function listed(label: string, items: readonly string[]): string[] {
	if (items.length === 0) return [];
	return wrapped(items.join(", "), `    ${label}`.padEnd(LABEL), " ".repeat(LABEL), " ");
}

/** Returns a text in lines of at most 80 characters, broken at a separator. A longer word stays whole. */
function wrapped(text: string, first: string, next: string, separator: string): string[] {
	const lines: string[] = [];
	let line = first;
	let isEmpty = true;
	for (const word of text.split(separator)) {
		if (!isEmpty && line.length + separator.length + word.length > WIDTH) {
			lines.push(line);
			line = next;
			isEmpty = true;
		}
		line += isEmpty ? word : `${separator}${word}`;
		isEmpty = false;
	}
	return [...lines, line];
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
	return hasKey ? `\n  ${notSet}` : `\n  unavailable: ${notSet}`;
}
