import type { Rejection } from "../../../../../generated/ir/types.ts";
import type { Consideration, Decision } from "../../../admin/api.ts";

/** A backend and its part in a decision. */
export interface Candidate {
	readonly backend: string;
	readonly part: "chosen" | "tried" | "eligible" | "rejected";
	/** Only of a rejected one. */
	readonly rejection?: Rejection;
	/** Its statistics when the policy compared it last. Absent if the policy did not compare it. */
	readonly considered?: Consideration;
}

const ORDER: readonly Candidate["part"][] = ["chosen", "tried", "eligible", "rejected"];

/** Returns all backends of a decision: the chosen one, those that were tried, further eligible ones, and the rejected ones. */
export function candidatesOf(decision: Pick<Decision, "backend" | "eligible" | "rejected" | "considered" | "timeline">): Candidate[] {
	const considered = new Map(decision.considered.map((each) => [each.backend, each]));
	const tried = new Set(decision.timeline.map(({ backend }) => backend));
	const rejections = new Map(decision.rejected.map((each) => [each.backend, each]));
	const names = new Set([...decision.eligible, ...tried, ...rejections.keys()]);
	const candidates = [...names].map((backend): Candidate => {
		const rejection = rejections.get(backend);
		const part = backend === decision.backend ? "chosen" : tried.has(backend) ? "tried" : rejection === undefined ? "eligible" : "rejected";
		const statistics = considered.get(backend);
		return {
			backend,
			part,
			...(rejection === undefined ? {} : { rejection }),
			...(statistics === undefined ? {} : { considered: statistics }),
		};
	});
	return candidates.sort((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part));
}
