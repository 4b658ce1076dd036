import { SpearError } from "../errors/spear-error.ts";
import type { Explainable } from "./explain-decision.ts";

/** A decision in a file. */
export interface RecordedDecision {
	readonly explanation: Explainable;
	readonly error?: { readonly code: NonNullable<Explainable["attempts"][number]["failure"]> };
}

/**
 * Returns the decisions in a JSON text: the output of `spear run --json --explain` or `spear explain --json`, an error record, an
 * explanation, or an array of these.
 *
 * @param source Path of the text, for errors. `-` is standard input.
 * @throws SpearError `invalid_request` for a text that contains no decision.
 */
export function readDecisions(text: string, source: string): RecordedDecision[] {
	const name = source === "-" ? "standard input" : source;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new SpearError("invalid_request", `${name}: is not JSON; use the output of \`spear run --json --explain\``, { cause });
	}
	const found = [...decisionsIn(value)];
	if (found.length > 0) return found;
	throw new SpearError("invalid_request", `${name}: contains no decision; use the output of \`spear run --json --explain\``);
}

function* decisionsIn(value: unknown): Generator<RecordedDecision, void, void> {
	if (Array.isArray(value)) {
		for (const item of value) yield* decisionsIn(item);
	} else if (isExplanation(value)) {
		yield { explanation: value };
	} else if (isObject(value)) {
		if (isExplanation(value.explanation)) {
			const code = isErrorCode(value.code) ? value : isObject(value.error) && isErrorCode(value.error.code) ? value.error : undefined;
			yield { explanation: value.explanation, ...(code !== undefined && isErrorCode(code.code) ? { error: { code: code.code } } : {}) };
		} else if (Array.isArray(value.decisions) && value.decisions.length > 0) yield* decisionsIn(value.decisions);
		else if (value.error !== undefined) yield* decisionsIn(value.error);
	}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isErrorCode(value: unknown): value is NonNullable<Explainable["attempts"][number]["failure"]> {
	return typeof value === "string" && /^[a-z_]+$/.test(value);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
	return Array.isArray(value) && value.every(isItem);
}

/** Returns true for a value with every member that is printed. */
function isExplanation(value: unknown): value is Explainable {
	return (
		isObject(value) &&
		typeof value.operation === "string" &&
		typeof value.policy === "string" &&
		typeof value.candidates_checked === "number" &&
		["required_features", "required_transports", "eligible"].every((name) => isListOf(value[name], (item) => typeof item === "string")) &&
		["rejected", "attempts"].every((name) => isListOf(value[name], isObject)) &&
		["considered", "events", "downgrades"].every((name) => value[name] === undefined || isListOf(value[name], isObject))
	);
}
