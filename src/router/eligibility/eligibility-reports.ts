import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { EligibilityReport } from "../decision/explanation.ts";
import type { RequestAssessment } from "../degradation/rule-book.ts";
import type { Instance } from "../instances/instance.ts";
import { LARGE_SET, MAX_STALENESS_MS } from "../load-balancing/availability-summary.ts";
import type { CandidateSet } from "../load-balancing/candidate-set.ts";
import { type Reason, type Restrictions, staticRejection } from "./static-rejection.ts";
import { transientRejection } from "./transient-rejection.ts";

/** The reason for an instance that no constraint rejects but that is no candidate. A fault of the index, which must be visible. */
const UNEXPLAINED: Reason = { reason: "operation", detail: "not found by the index" };

/** Reasons whose details name the size or a field of the request. */
const DEPENDS_ON_REQUEST: ReadonlySet<types.RejectionReason> = new Set(["limit", "degradation"]);

interface CachedReport extends EligibilityReport {
	readonly at: number;
	/** True if the size or a field of the request rejects an instance: the details of the report then depend on the request. */
	readonly dependsOnRequest: boolean;
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
	 * @param assessment Treatment of the request by the rules of the instances. The default is that all instances send every field.
	 * @param guest Guest whose own failures count too. The default is none. Ignored with many instances, whose reports guests share.
	 */
	evaluate(
		request: UntypedRequestEnvelope,
		candidates: CandidateSet,
		restrictions: Restrictions,
		now: number,
		chosen: readonly string[],
		guest?: string,
		assessment?: RequestAssessment,
	): EligibilityReport {
		const { eligible, rejected } = this.#evaluateAll(request, candidates, restrictions, now, guest, assessment);
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
		assessment: RequestAssessment | undefined,
	): EligibilityReport {
		const { size } = this.#instances;
		const cached = this.#cache.get(candidates);
		if (cached !== undefined && now - cached.at < size * MAX_STALENESS_MS)
			return this.#forRequest(cached, request, restrictions, assessment);
		const report = this.#lookAtAll(request, candidates, restrictions, now, size >= LARGE_SET ? undefined : guest, assessment);
		if (size >= LARGE_SET) {
			const dependsOnRequest = report.rejected.some(({ reason }) => DEPENDS_ON_REQUEST.has(reason));
			this.#cache.set(candidates, { ...report, at: now, dependsOnRequest });
		}
		return report;
	}

	/** Replaces the details that name the size or a field of another request. Requests of one candidate set differ in nothing else. */
	#forRequest(
		report: CachedReport,
		request: UntypedRequestEnvelope,
		restrictions: Restrictions,
		assessment: RequestAssessment | undefined,
	): EligibilityReport {
		if (!report.dependsOnRequest) return report;
		const rejected = report.rejected.map((rejection) => {
			const instance = DEPENDS_ON_REQUEST.has(rejection.reason) ? this.#instances.get(rejection.backend) : undefined;
			const reason = instance === undefined ? undefined : staticRejection(instance, request, restrictions, assessment);
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
		assessment: RequestAssessment | undefined,
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
			rejected.push({ backend: instance.name, ...(staticRejection(instance, request, restrictions, assessment) ?? UNEXPLAINED) });
		}
		return { eligible, rejected };
	}
}
