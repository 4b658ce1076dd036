import { type DiscoveredModel, MAX_MODEL_NAME, MAX_MODELS } from "../backends/discovery.ts";
import { SpearError } from "../errors/spear-error.ts";
import { isOperation } from "../operations/is-operation.ts";
import type { Redact } from "../redaction/secrets.ts";

/** Most aliases of a model. */
const MAX_ALIASES = 10;

/**
 * Returns the models that a backend lists, each with the known members alone.
 *
 * @param backend Name of the instance, for messages.
 * @throws SpearError `backend_error` for a value of another shape, whichever adapter made it.
 */
export function checkedModels(value: unknown, backend: string): DiscoveredModel[] {
	if (!Array.isArray(value) || value.length > MAX_MODELS) throw wrong(backend, `it is no list of at most ${MAX_MODELS} models`);
	return value.map((item: unknown, index) => {
		if (!isObject(item) || typeof item.name !== "string" || item.name === "" || item.name.length > MAX_MODEL_NAME)
			throw wrong(backend, `[${index}].name is no text of at most ${MAX_MODEL_NAME} characters`);
		const { name, aliases, operations, limits } = item;
		return {
			name,
			...aliasesOf(aliases),
			...operationsOf(operations, () => wrong(backend, `[${index}].operations is no list of operations`)),
			...limitsOf(limits),
		};
	});
}

/** Returns the models whose names do not repeat a key. A name without the key would be no model, so such models are left out. */
export function withoutKey(models: readonly DiscoveredModel[], redact: Redact): readonly DiscoveredModel[] {
	return models.filter(({ name, aliases = [] }) => [name, ...aliases].every((text) => redact(text) === text));
}

function aliasesOf(value: unknown): Pick<DiscoveredModel, "aliases"> {
	const aliases = Array.isArray(value) ? value.filter((alias): alias is string => typeof alias === "string").slice(0, MAX_ALIASES) : [];
	return aliases.length === 0 ? {} : { aliases };
}

function operationsOf(value: unknown, fault: () => Error): Pick<DiscoveredModel, "operations"> {
	if (value === undefined) return {};
	if (!Array.isArray(value) || !value.every(isOperation)) throw fault();
	return { operations: value };
}

function limitsOf(value: unknown): Pick<DiscoveredModel, "limits"> {
	if (!isObject(value)) return {};
	const { context_tokens, output_tokens } = value;
	const limits = {
		...(isLimit(context_tokens) ? { context_tokens } : {}),
		...(isLimit(output_tokens) ? { output_tokens } : {}),
	};
	return Object.keys(limits).length === 0 ? {} : { limits };
}

function isLimit(value: unknown): value is number {
	return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
	return typeof value === "object" && value !== null;
}

function wrong(backend: string, what: string): SpearError {
	return new SpearError("backend_error", `the models that backend "${backend}" lists are malformed: ${what}`);
}
