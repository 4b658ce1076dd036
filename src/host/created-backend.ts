import { FEATURES, type Operation } from "../../generated/ir/operations.ts";
import { type Backend, BackendConfigError, type BackendKind, type InstanceConfig, type ReadVariable } from "../backends/backend.ts";
import { isFieldRule } from "../backends/is-field-rule.ts";
import { causeChain } from "../errors/cause-chain.ts";
import { guestName } from "../errors/guest-name.ts";
import { isOperation, OPERATION_NAMES } from "../operations/is-operation.ts";
import type { Network } from "../transport/network.ts";

/** Function that each transport needs. */
const FUNCTIONS: ReadonlyMap<unknown, string> = new Map([
	["unary", "unary"],
	["server_stream", "stream"],
	["bidi_stream", "connect"],
]);

const KNOWN_FEATURES: ReadonlySet<unknown> = new Set(FEATURES);

/**
 * Creates a backend. The kind may be code of a package: a failure of any form, and a value that is no backend, are faults of the configuration.
 * Otherwise the host would fail later, and name neither the backend nor its kind.
 *
 * @throws BackendConfigError
 */
export function createdBackend(kind: BackendKind, config: InstanceConfig, network: Network | undefined, variable: ReadVariable): Backend {
	const fail = (problem: string, cause?: unknown): BackendConfigError =>
		new BackendConfigError(
			config.name,
			`the kind '${kind.name}' ${problem}`,
			[{ path: [], message: `the kind '${kind.name}' ${problem}` }],
			{ cause },
		);
	let backend: unknown;
	try {
		backend = kind.create(config, network, variable);
	} catch (thrown) {
		throw thrown instanceof BackendConfigError ? thrown : fail(`fails to create the backend: ${causeChain(thrown)}`, thrown);
	}
	let fault: string | undefined;
	try {
		fault = backendFault(backend);
	} catch (thrown) {
		throw fail(`creates a backend that cannot be used: ${causeChain(thrown)}`, thrown);
	}
	if (fault === undefined && isBackend(backend)) return backend;
	throw fail(`creates a backend that cannot be used: ${fault}`);
}

function isBackend(value: unknown): value is Backend {
	return isObject(value) && typeof value.close === "function";
}

/** Returns the first fault of a backend's shape, or `undefined`. */
function backendFault(backend: unknown): string | undefined {
	if (backend instanceof Promise) {
		backend.catch(() => {}); // Otherwise its failure would end the process.
		return "it is a promise; create must return the backend itself";
	}
	if (!isObject(backend)) return "it is no object; make the kind with defineBackend";
	const { operations, capabilities, close, listModels, probe } = backend;
	if (!isObject(operations)) return "operations is no object; make the kind with defineBackend";
	if (!isObject(capabilities)) return "capabilities is no object; make the kind with defineBackend";
	if (typeof close !== "function") return "close is no function; make the kind with defineBackend";
	for (const [name, member] of Object.entries({ listModels, probe }))
		if (member !== undefined && typeof member !== "function") return `${name} is no function`;
	for (const [operation, declared] of Object.entries(capabilities)) {
		if (!isOperation(operation))
			return `capabilities: there is no operation '${guestName(operation)}'; there are ${OPERATION_NAMES.join(", ")}`;
		const fault = declared === undefined ? undefined : capabilityFault(operation, declared, operations[operation]);
		if (fault !== undefined) return `capabilities.${operation}${fault}`;
	}
	return undefined;
}

function capabilityFault(operation: Operation, declared: unknown, implementation: unknown): string | undefined {
	if (!isObject(declared)) return " is no object";
	const { features, transports, models, voices, rules } = declared;
	if (!Array.isArray(features) || !features.every((feature) => KNOWN_FEATURES.has(feature))) return ".features is no list of features";
	if (!Array.isArray(transports) || !transports.every((transport) => FUNCTIONS.has(transport)))
		return ".transports is no list of transports";
	if (models !== undefined && !isList(models, (model) => typeof model === "string")) return ".models is no list of names";
	if (voices !== undefined && !isList(voices, isObject)) return ".voices is no list of voices";
	if (rules !== undefined && !(isObject(rules) && Object.values(rules).every(isFieldRule))) return ".rules is no table of rules for fields";
	if (implementation === undefined) return undefined;
	const missing = transports.map((transport) => FUNCTIONS.get(transport) ?? "").find((name) => !hasFunction(implementation, name));
	return missing === undefined ? undefined : `.transports: operations.${operation} has no function '${missing}'`;
}

function hasFunction(implementation: unknown, name: string): boolean {
	return isObject(implementation) && typeof implementation[name] === "function";
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
	return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
