import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { Candidates } from "./filter.ts";
import { requestedModel } from "./requested-model.ts";

/** The record of one decision while it is being made; `snapshot` is what errors and observers get. */
export class Decision {
	readonly #base: Omit<types.Explanation, "attempts" | "chosen">;
	readonly #attempts: types.Attempt[] = [];
	#chosen: string | undefined;

	constructor(request: RequestEnvelope<Operation>, candidates: Candidates, order: readonly { readonly name: string }[], policy: string) {
		const model = requestedModel(request);
		this.#base = {
			operation: request.operation,
			...(model === undefined ? {} : { model }),
			required_features: [...request.requirements.required_features],
			required_transports: [...request.requirements.required_transports],
			candidates_checked: candidates.eligible.length + candidates.rejected.length,
			eligible: order.map((instance) => instance.name),
			rejected: [...candidates.rejected],
			policy,
		};
	}

	choose(name: string): void {
		this.#chosen = name;
	}

	record(attempt: types.Attempt): void {
		this.#attempts.push(attempt);
	}

	get attempts(): types.Attempt[] {
		return [...this.#attempts];
	}

	snapshot(): types.Explanation {
		return {
			...this.#base,
			...(this.#chosen === undefined ? {} : { chosen: this.#chosen }),
			attempts: this.attempts,
		};
	}
}

/** Why no instance is left: capabilities are to blame when every instance that serves the operation lacks a feature or a transport. */
export function noCandidate(explanation: types.Explanation): SpearError {
	const { operation, rejected } = explanation;
	const serving = rejected.filter((entry) => entry.reason !== "operation" || entry.detail !== operation);
	const lacking = serving.filter((entry) => entry.reason === "feature" || entry.reason === "transport");
	const details = { operation, explanation };
	if (serving.length > 0 && lacking.length === serving.length) {
		const missing = [...new Set(lacking.map((entry) => entry.detail ?? entry.reason))];
		return new SpearError("missing_capabilities", `no backend for ${operation} offers ${missing.join(", ")}`, details);
	}
	const reasons = rejected.map((entry) => `${entry.backend}: ${entry.reason}${entry.detail === undefined ? "" : ` (${entry.detail})`}`);
	const summary = reasons.length === 0 ? "the host has none configured" : reasons.join("; ");
	return new SpearError("no_candidate_backend", `no backend can serve ${operation}: ${summary}`, details);
}
