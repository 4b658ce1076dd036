import type { RouteDecision } from "../router/router.ts";

/** One decision of the router in a few lines a person reads at a glance. */
export function explainDecision({ explanation, error }: RouteDecision): string {
	const { operation, model, chosen, policy, eligible, candidates_checked } = explanation;
	const what = model === undefined ? operation : `${operation} (${model})`;
	const outcome = error === undefined ? "" : `  failed: ${error.code}`;
	const needs = [...explanation.required_transports, ...explanation.required_features].join(", ");
	return [
		`route      ${what} → ${chosen ?? "no backend"}  [${policy}, ${eligible.length} of ${candidates_checked} eligible]${outcome}`,
		...(needs === "" ? [] : [`           needs ${needs}`]),
		...explanation.rejected.map(
			({ backend, reason, detail }) => `           not ${backend}: ${reason}${detail === undefined ? "" : ` (${detail})`}`,
		),
		...explanation.attempts.map(
			({ backend, latency_ms, failure }) => `           tried ${backend}: ${failure ?? "ok"} after ${latency_ms} ms`,
		),
	].join("\n");
}
