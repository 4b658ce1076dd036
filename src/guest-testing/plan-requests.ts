import type { MockedOperation } from "../testing/mocked-operation.ts";
import type { Plan } from "../testing/plan.ts";
import type { ArrivedRequest } from "../testing/planned-kind.ts";
import { fromPlainError, type PlainPlan, post, type ThreadData } from "./protocol.ts";

/** Requests whose replies the guest's thread looks up in the script. */
export class PlanRequests {
	readonly #data: ThreadData;
	/** Requests without a reply so far, oldest first. */
	readonly #waiting: ((plan: PlainPlan) => void)[] = [];

	constructor(data: ThreadData) {
		this.#data = data;
	}

	/** True while a reply is missing. */
	get isWaiting(): boolean {
		return this.#waiting.length > 0;
	}

	/** Asks for the reply to a request. */
	async ask<O extends MockedOperation>(request: ArrivedRequest<O>): Promise<Plan<O>> {
		const plain = await new Promise<PlainPlan>((resolve) => {
			this.#waiting.push(resolve);
			// The message takes a request of any operation.
			post(this.#data, { type: "plan", request: request as unknown as ArrivedRequest<MockedOperation> });
		});
		const plan: unknown = "failure" in plain.end ? { ...plain, end: { failure: fromPlainError(plain.end.failure) } } : plain;
		// The script plans for the operation of the request.
		return plan as Plan<O>;
	}

	/** Passes a reply to the request that asked first. */
	answer(plan: PlainPlan): void {
		this.#waiting.shift()?.(plan);
	}
}
