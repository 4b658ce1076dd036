import type * as rt from "../../generated/ir/rt.ts";
import type { RouteAttempt } from "../router/decision/explanation.ts";
import { hostFailure } from "./host-failure.ts";
import type { FromWorker, HostCall, SessionEnd, ToWorker } from "./protocol.ts";

/** A call that waits for its answer. Parameters of type `never` accept the value that the host sends, whose type follows from the call. */
interface PendingCall {
	readonly resolve: (value: never) => void;
	readonly reject: (error: unknown) => void;
}

/** Receives what the host pushes for one stream or session. */
export interface PushTarget {
	push(event: never, bytes: number, report: Partial<rt.Response> | undefined): void;
	end(error: Error | undefined, report: Partial<rt.Response> | undefined): void;
	decide?(attempts: readonly RouteAttempt[]): void;
}

/** The calls of this worker to its host. */
export class Calls {
	readonly #post: (message: FromWorker) => void;
	readonly #pending = new Map<number, PendingCall>();
	readonly #targets = new Map<number, PushTarget>();
	#last = 0;

	constructor(post: (message: FromWorker) => void) {
		this.#post = post;
	}

	/**
	 * Calls the host.
	 *
	 * @param signal Cancels the call when aborted. The host then answers with the failure.
	 * @param target Receives pushed events, under the id that `onId` receives.
	 */
	ask<T>(call: HostCall, { signal, target, onId }: AskOptions = {}): Promise<T> {
		this.#last += 1;
		const id = this.#last;
		if (target !== undefined) this.#targets.set(id, target);
		onId?.(id);
		const { promise, resolve, reject } = Promise.withResolvers<T>();
		const cancel = (): void => this.cancel(id);
		const done = (): void => signal?.removeEventListener("abort", cancel);
		this.#pending.set(id, {
			resolve: (value) => {
				done();
				resolve(value);
			},
			reject: (error) => {
				done();
				this.#targets.delete(id);
				reject(error);
			},
		});
		this.#post({ type: "call", id, call });
		if (signal?.aborted === true) cancel();
		else signal?.addEventListener("abort", cancel, { once: true });
		return promise;
	}

	/** Cancels a call, or the stream or session that it has opened. */
	cancel(id: number): void {
		this.#post({ type: "cancel", id });
	}

	/** Returns bytes of the window of a stream or a session. */
	credit(id: number, bytes: number): void {
		this.#post({ type: "credit", id, bytes });
	}

	/** Ends a session. */
	endSession(id: number, outcome: SessionEnd): void {
		this.#post({ type: "end-session", id, outcome });
	}

	/** Releases a reader or a writer of media. */
	release(kind: "reader" | "writer", id: number): void {
		this.#post({ type: "release", kind, id });
	}

	/** Stops delivering pushed events of a stream or a session. */
	forget(id: number): void {
		this.#targets.delete(id);
	}

	/** Handles a message of the host. Answers to unknown calls are ignored. */
	receive(message: Exclude<Extract<ToWorker, { readonly id: number }>, { readonly type: "run" }>): void {
		switch (message.type) {
			case "answer":
				this.#take(message.id)?.resolve(message.value);
				break;
			case "failure":
				this.#take(message.id)?.reject(hostFailure(message.error));
				break;
			case "event":
				this.#targets.get(message.id)?.push(message.event, message.bytes, message.report);
				break;
			case "decision":
				this.#targets.get(message.id)?.decide?.(message.attempts);
				break;
			case "end": {
				const target = this.#targets.get(message.id);
				this.#targets.delete(message.id);
				target?.end(message.error === undefined ? undefined : hostFailure(message.error), message.report);
				break;
			}
		}
	}

	#take(id: number): PendingCall | undefined {
		const call = this.#pending.get(id);
		this.#pending.delete(id);
		return call;
	}
}

interface AskOptions {
	readonly signal?: AbortSignal;
	readonly target?: PushTarget;
	readonly onId?: (id: number) => void;
}
