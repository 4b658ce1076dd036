import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { EligibilityReport } from "../decision/explanation.ts";
import type { Instance } from "../instances/instance.ts";
import { LARGE_SET, MAX_STALENESS_MS } from "../load-balancing/availability-summary.ts";
import type { CandidateSet } from "../load-balancing/candidate-set.ts";
import { type Reason, type Restrictions, staticRejection } from "./static-rejection.ts";
import { transientRejection } from "./transient-rejection.ts";

/** The reason for an instance that no constraint rejects but that is no candidate. A fault of the index, which must be visible. */
const UNEXPLAINED: Reason = { reason: "operation", detail: "not found by the index" };

interface CachedReport extends EligibilityReport {
	readonly at: number;
	/** True if a limit on the request's size rejects an instance: the report then depends on the request. */
	readonly dependsOnSize: boolean;
}

/** Reports on the eligibility of all instances, for explanations. With many instances a report is reused for a short time. */
export class EligibilityReports {
	readonly #instances: ReadonlyMap<string, Instance>;
	readonly #cache = new WeakMap<CandidateSet, CachedReport>();

	/** @param instances All instances by name. */
	constructor(instances: ReadonlyMap<string, Instance>) {
		this.#instances = instances;
	}

	/**
	 * Returns the eligibility of all instances for a request at `now`.
	 *
	 * @param chosen Names of instances that were chosen for the request. Chosen instances are eligible, whatever their state is by now.
	 * @param guest Guest whose own failures count too. The default is none. Ignored with many instances, whose reports guests share.
	 */
	evaluate(
		request: UntypedRequestEnvelope,
		candidates: CandidateSet,
		restrictions: Restrictions,
		now: number,
		chosen: readonly string[],
		guest?: string,
	): EligibilityReport {
		const { eligible, rejected } = this.#evaluateAll(request, candidates, restrictions, now, guest);
		if (chosen.length === 0) return { eligible, rejected };
		const isChosen = new Set(chosen);
		return {
			eligible: [...chosen, ...eligible.filter((name) => !isChosen.has(name))],
			rejected: rejected.filter(({ backend }) => !isChosen.has(backend)),
		};
	}

	#evaluateAll(
		request: UntypedRequestEnvelope,
		candidates: CandidateSet,
		restrictions: Restrictions,
		now: number,
		guest: string | undefined,
	): EligibilityReport {
		const { size } = this.#instances;
		const cached = this.#cache.get(candidates);
		if (cached !== undefined && now - cached.at < size * MAX_STALENESS_MS) return this.#forSize(cached, request, restrictions);
		const report = this.#lookAtAll(request, candidates, restrictions, now, size >= LARGE_SET ? undefined : guest);
		if (size >= LARGE_SET) {
			const dependsOnSize = report.rejected.some(({ reason }) => reason === "limit");
			this.#cache.set(candidates, { ...report, at: now, dependsOnSize });
		}
		return report;
	}

	/** Replaces the details of size limits, which name the size of another request. Requests of one candidate set differ in nothing else. */
	#forSize(report: CachedReport, request: UntypedRequestEnvelope, restrictions: Restrictions): EligibilityReport {
		if (!report.dependsOnSize) return report;
		const rejected = report.rejected.map((rejection) => {
			const instance = rejection.reason === "limit" ? this.#instances.get(rejection.backend) : undefined;
			const reason = instance === undefined ? undefined : staticRejection(instance, request, restrictions);
			return reason === undefined ? rejection : { backend: rejection.backend, ...reason };
		});
		return { eligible: report.eligible, rejected };
	}

	#lookAtAll(
		request: UntypedRequestEnvelope,
		candidates: CandidateSet,
		restrictions: Restrictions,
		now: number,
		guest: string | undefined,
	): EligibilityReport {
		const eligible: string[] = [];
		const rejected: types.Rejection[] = [];
		for (const instance of candidates.inOrder()) {
			const reason = transientRejection(instance, request.operation, now, guest);
			if (reason === undefined) eligible.push(instance.name);
			else rejected.push({ backend: instance.name, ...reason });
		}
		for (const instance of this.#instances.values()) {
			if (candidates.members.has(instance)) continue;
			rejected.push({ backend: instance.name, ...(staticRejection(instance, request, restrictions) ?? UNEXPLAINED) });
		}
		return { eligible, rejected };
	}
}
