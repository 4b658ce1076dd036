import type { JsonObject, JsonValue } from "../../../generated/ir/json.ts";
import type { CallOptions, Degradation, Hint, Policy, Routing } from "../../../generated/ir/types.ts";
import type { Fields } from "./fields.ts";

const POLICIES: readonly Policy[] = [
	"round_robin",
	"weighted_round_robin",
	"weighted_random",
	"least_inflight",
	"ewma_latency",
	"consistent_hash",
	"priority",
];
const DEGRADATIONS: readonly Degradation[] = ["strict", "declared", "lenient"];
const HINTS: readonly Hint[] = ["low", "medium", "high"];

/** Longest deadline that a call may name, in milliseconds. */
const MAX_TIMEOUT_MS = 3_600_000;

/** Members of OpenAI's requests that are options of the call. */
export interface OptionMembers {
	/** Value of `prompt_cache_key`: requests with one key keep to one backend, whose prompt cache they share. */
	readonly cacheKey?: string | undefined;
	/** Members without a meaning of their own. A backend passes those that its operator allows. */
	readonly extra: readonly (readonly [name: string, value: unknown])[];
}

/**
 * Returns the options of a call: those in the member `spear` of the request, and members of OpenAI's that are options here. `undefined` for
 * none, like a guest that names no options.
 *
 * @throws RequestError that names the wrong member.
 */
export function callOptions(spear: Fields | undefined, { cacheKey, extra }: OptionMembers): CallOptions | undefined {
	const routing = routingOf(spear?.fields("routing"), cacheKey);
	const timeoutMs = spear?.number("timeout_ms", { min: 1, max: MAX_TIMEOUT_MS, integer: true });
	const taskId = spear?.text("task_id");
	const policy = spear?.oneOf("policy", POLICIES);
	const degradation = spear?.oneOf("degradation", DEGRADATIONS);
	spear?.assertNoRest();
	const options: CallOptions = {};
	if (routing !== undefined) options.routing = routing;
	if (timeoutMs !== undefined) options.timeout_ms = timeoutMs;
	if (taskId !== undefined) options.task_id = taskId;
	if (extra.length > 0) options.provider_options = jsonObject(extra);
	if (policy !== undefined) options.policy = policy;
	if (degradation !== undefined) options.degradation = degradation;
	return Object.keys(options).length === 0 ? undefined : options;
}

function routingOf(fields: Fields | undefined, cacheKey: string | undefined): Routing | undefined {
	if (fields === undefined && cacheKey === undefined) return undefined;
	const routing: Routing = {
		allowlist: fields?.texts("allowlist") ?? [],
		denylist: fields?.texts("denylist") ?? [],
		preferred: fields?.texts("preferred") ?? [],
	};
	const backend = fields?.text("backend");
	const sessionKey = fields?.text("session_key") ?? cacheKey;
	const region = fields?.text("region_hint");
	const cost = fields?.oneOf("cost_hint", HINTS);
	const latency = fields?.oneOf("latency_hint", HINTS);
	fields?.assertNoRest();
	if (backend !== undefined) routing.backend = backend;
	if (sessionKey !== undefined) routing.session_key = sessionKey;
	if (region !== undefined) routing.region_hint = region;
	if (cost !== undefined) routing.cost_hint = cost;
	if (latency !== undefined) routing.latency_hint = latency;
	return routing;
}

/** Returns members of parsed JSON as an object. A member `__proto__` is a member like any other there. */
export function jsonObject(members: Iterable<readonly [name: string, value: unknown]>): JsonObject {
	const object: JsonObject = {};
	for (const [name, value] of members) {
		if (isJson(value)) Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
	}
	return object;
}

/** True for every value that `JSON.parse` returns. */
function isJson(value: unknown): value is JsonValue {
	return value !== undefined && typeof value !== "function" && typeof value !== "symbol" && typeof value !== "bigint";
}
