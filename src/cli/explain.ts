import { readFile } from "node:fs/promises";
import process from "node:process";
import { REQUEST_FIELDS } from "../../generated/ir/fields/operations.ts";
import { FEATURES, OPERATIONS } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import { didYouMean } from "../config/did-you-mean.ts";
import { OPERATION_OTHER_NAMES, VALUE_OTHER_NAMES } from "../config/other-names.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";
import { printable } from "../formats/printable.ts";
import { createHost } from "../host/create-host.ts";
import type { Host } from "../host/host.ts";
import type { RouteQuery } from "../host/route-query.ts";
import { isOperation } from "../operations/is-operation.ts";
import { findConfig } from "./config-path.ts";
import { EXIT } from "./exit-codes.ts";
import { type Explainable, explainDecision } from "./explain-decision.ts";
import { interruptSignal } from "./interrupt.ts";
import { jsonLine } from "./json-line.ts";
import { type LogCommand, logLevels } from "./log-options.ts";
import { printFailure } from "./print-failure.ts";
import { readInput } from "./read-input.ts";
import { type RecordedDecision, readDecisions } from "./recorded-decisions.ts";

/** Options of `spear explain`. All but `config` and `json` describe the request. */
export interface ExplainCommand extends LogCommand {
	readonly config?: string;
	readonly operation: string;
	readonly model?: string;
	readonly feature?: readonly string[];
	readonly field?: readonly string[];
	readonly stream?: boolean;
	readonly backend?: string;
	readonly prefer?: readonly string[];
	readonly allow?: readonly string[];
	readonly deny?: readonly string[];
	readonly sessionKey?: string;
	readonly region?: string;
	readonly policy?: types.Policy;
	readonly degradation?: types.Degradation;
	readonly guest?: string;
	readonly json?: boolean;
}

/**
 * Runs `spear explain`. With a file, prints the decisions that it contains; `-` is standard input. Otherwise prints the decision on a
 * request by a configuration. Contacts no upstream. Returns the exit code, 1 for a request that finds no backend.
 */
export async function explain(file: string | undefined, command: ExplainCommand): Promise<number> {
	try {
		const decisions = file === undefined ? [await decide(command)] : readDecisions(await read(file), file);
		process.stdout.write(command.json ? jsonLine({ decisions }) : printable(describe(decisions)));
		return file === undefined && decisions[0]?.explanation.chosen === undefined ? EXIT.failed : EXIT.ok;
	} catch (thrown) {
		return printFailure(thrown, command);
	}
}

function describe(decisions: readonly RecordedDecision[]): string {
	return `${decisions.map(({ explanation, error }) => explainDecision(explanation, error)).join("\n")}\n`;
}

async function read(file: string): Promise<string> {
	if (file !== "-") {
		return readFile(file, "utf8").catch((cause: unknown) => {
			throw new SpearError("invalid_request", `${file}: ${fileFault(cause)}`, { cause });
		});
	}
	const interrupt = interruptSignal();
	try {
		return await readInput(interrupt.signal);
	} finally {
		interrupt.dispose();
	}
}

async function decide(command: ExplainCommand): Promise<{ explanation: Explainable }> {
	const query = queryOf(command);
	const config = findConfig(command.config);
	let host: Host | undefined;
	try {
		host = await createHost({ ...(config === undefined ? {} : { config }), ...logLevels(command) });
		return { explanation: host.explain(query) };
	} finally {
		await host?.close();
	}
}

function queryOf(command: ExplainCommand): RouteQuery {
	const operation = Object.keys(OPERATIONS)
		.filter(isOperation)
		.find((name) => name === command.operation);
	if (operation === undefined) {
		const names = Object.keys(OPERATIONS);
		const suggestion = didYouMean(command.operation, names, OPERATION_OTHER_NAMES);
		throw usage(`--operation: '${command.operation}' is not known${suggestion}; known are ${names.join(", ")}`);
	}
	const features = (command.feature ?? []).map((name) => {
		const feature = FEATURES.find((candidate) => candidate === name);
		if (feature === undefined) {
			const suggestion = didYouMean(name, FEATURES, VALUE_OTHER_NAMES);
			throw usage(`--feature: '${name}' is not known${suggestion}; known are ${FEATURES.join(", ")}`);
		}
		return feature;
	});
	const fields: readonly string[] = REQUEST_FIELDS[operation].FIELDS;
	const unknown = command.field?.find((name) => !fields.includes(name));
	if (unknown !== undefined) throw usage(`--field: requests of ${operation} have no field '${unknown}'${didYouMean(unknown, fields)}`);
	const [only = "unary"] = OPERATIONS[operation].transports;
	return {
		operation,
		features,
		transports: [command.stream === true && OPERATIONS[operation].transports.includes("server_stream") ? "server_stream" : only],
		routing: {
			allowlist: [...(command.allow ?? [])],
			denylist: [...(command.deny ?? [])],
			preferred: [...(command.prefer ?? [])],
			...(command.backend === undefined ? {} : { backend: command.backend }),
			...(command.sessionKey === undefined ? {} : { session_key: command.sessionKey }),
			...(command.region === undefined ? {} : { region_hint: command.region }),
		},
		...(command.model === undefined ? {} : { model: command.model }),
		...(command.field === undefined ? {} : { fields: command.field }),
		...(command.policy === undefined ? {} : { policy: command.policy }),
		...(command.degradation === undefined ? {} : { degradation: command.degradation }),
		...(command.guest === undefined ? {} : { guest: command.guest }),
	};
}

function usage(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
