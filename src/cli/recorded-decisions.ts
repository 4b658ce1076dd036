import { SpearError } from "../errors/spear-error.ts";
import type { Explainable } from "./explain-decision.ts";

/** A decision as it was written down. */
export interface RecordedDecision {
	readonly explanation: Explainable;
	readonly error?: { readonly code: NonNullable<Explainable["attempts"][number]["failure"]> };
}

/**
 * The decisions in a JSON text: what `spear run --json --explain` and `spear explain --json` print, an error record, an explanation, or an
 * array of such.
 *
 * @throws SpearError `invalid_request` for a text that holds none.
 */
export function readDecisions(text: string, source: string): RecordedDecision[] {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new SpearError("invalid_request", `${source === "-" ? "standard input" : source}: not JSON`, { cause });
	}
	const found = [...decisionsIn(value)];
	if (found.length > 0) return found;
	const where = source === "-" ? "standard input" : source;
	throw new SpearError("invalid_request", `${where}: holds no decision; give it what \`spear run --json --explain\` prints`);
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

function isListOf(value: unknown, each: (item: unknown) => boolean): boolean {
	return Array.isArray(value) && value.every(each);
}

/** Whether a value has all that is printed of an explanation. */
function isExplanation(value: unknown): value is Explainable {
	return (
		isObject(value) &&
		typeof value.operation === "string" &&
		typeof value.policy === "string" &&
		typeof value.candidates_checked === "number" &&
		["required_features", "required_transports", "eligible"].every((name) => isListOf(value[name], (item) => typeof item === "string")) &&
		["rejected", "attempts"].every((name) => isListOf(value[name], isObject)) &&
		["considered", "events"].every((name) => value[name] === undefined || isListOf(value[name], isObject))
	);
}
