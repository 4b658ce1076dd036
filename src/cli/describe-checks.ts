import type { BackendCheck } from "../host/check/backend-check.ts";
import { aligned } from "./aligned.ts";

type DiscoveredModel = NonNullable<BackendCheck["models"]>[number];

const LABELS: { readonly [S in BackendCheck["status"]]: string } = { ok: "ok", failed: "FAILED", unchecked: "-" };

/** Returns a line for each check: result, name, kind, duration, and the fault with what to do. */
export function describeChecks(checks: readonly BackendCheck[]): string {
	const rows = checks.map(({ name, kind, status, message, durationMs }) => [
		LABELS[status],
		name,
		kind,
		status === "unchecked" ? "" : `${durationMs} ms`,
		message,
	]);
	return aligned(rows);
}

/** Returns a line for each check, and below it one for each model that the upstream lists. */
export function describeModels(checks: readonly BackendCheck[]): string {
	return checks.map((check) => describeChecks([check]) + aligned((check.models ?? []).map(modelRow))).join("");
}

function modelRow({ name, aliases = [], operations, limits = {} }: DiscoveredModel): string[] {
	const { context_tokens, output_tokens } = limits;
	const facts = [
		...(aliases.length === 0 ? [] : [`also ${aliases.join(", ")}`]),
		...(context_tokens === undefined ? [] : [`context ${context_tokens}`]),
		...(output_tokens === undefined ? [] : [`output ${output_tokens}`]),
	];
	return ["  ", name, operations?.join(", ") ?? "", facts.join("; ")];
}
