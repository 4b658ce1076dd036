import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type * as tts from "../../generated/ir/tts.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { CatalogEntry } from "../router/eligibility/catalog.ts";
import { hostFailure } from "./host-failure.ts";
import type { BlockingAnswer, BlockingCall, ThreadData } from "./protocol.ts";

/** Longest wait for an answer, in milliseconds. The host answers at once, unless its thread is blocked. */
const PATIENCE_MS = 30_000;

/** The result of each call. */
interface Results {
	readonly catalog: readonly CatalogEntry[];
	readonly voices: tts.Voice[];
	readonly writer: undefined;
	readonly "tool-servers": readonly string[];
}

/** Calls to the host that stop this thread until the answer is there. For imports that cannot wait, and cost one guest its time only. */
export class BlockingCalls {
	readonly #port: MessagePort;
	readonly #answered: Int32Array;

	constructor({ port, answered }: ThreadData) {
		this.#port = port;
		this.#answered = answered;
	}

	/** @throws SpearError as the host refuses the call; `timeout` if the host does not answer. */
	ask<N extends BlockingCall["name"]>(call: Extract<BlockingCall, { readonly name: N }>): Results[N];
	ask(call: BlockingCall): unknown {
		Atomics.store(this.#answered, 0, 0);
		this.#port.postMessage(call);
		if (Atomics.wait(this.#answered, 0, 0, PATIENCE_MS) === "timed-out") {
			throw new SpearError("timeout", "the host did not answer in time", { attribution: "host" });
		}
		const answer: BlockingAnswer | undefined = receiveMessageOnPort(this.#port)?.message;
		if (answer === undefined) throw new SpearError("internal", "the host answered with nothing");
		if ("error" in answer) throw hostFailure(answer.error);
		return answer.value;
	}
}
