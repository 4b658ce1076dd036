import { createHash } from "node:crypto";
import type { CandidateSet } from "./candidate-set.ts";

/** Plans are kept until they hold so many members together: what guests ask for must not grow the host without bound. */
const MOST = { plans: 1_024, members: 1_000_000 } as const;

/** Of a longer key, which a guest with long lists of names can have, only a digest is kept. Its plan is: turns go on from request to request. */
const MOST_CHARS = 512;

/** Plans by what their requests have in common; the ones used longest ago go first. */
export class CandidateSetCache {
	readonly #plans = new Map<string, CandidateSet>();
	#members = 0;
	/** The last one asked for: most requests are like the one before. */
	#last: { readonly key: string; readonly plan: CandidateSet } | undefined;

	get(subject: string, make: () => CandidateSet): CandidateSet {
		const key = subject.length <= MOST_CHARS ? subject : createHash("sha256").update(subject).digest("base64");
		if (this.#last?.key === key) return this.#last.plan;
		const found = this.#plans.get(key);
		if (found !== undefined) this.#plans.delete(key);
		const plan = found ?? make();
		this.#plans.set(key, plan);
		if (found === undefined) this.#trim(plan);
		this.#last = { key, plan };
		return plan;
	}

	#trim(added: CandidateSet): void {
		this.#members += added.size;
		for (const [key, plan] of this.#plans) {
			if (this.#plans.size === 1 || (this.#plans.size <= MOST.plans && this.#members <= MOST.members)) return;
			this.#plans.delete(key);
			this.#members -= plan.size;
		}
	}
}
