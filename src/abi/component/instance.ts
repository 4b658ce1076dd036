import { SpearError } from "../../errors/spear-error.ts";
import { type ComponentOutcome, isReusable, outcomeOf } from "./run-outcome.ts";
import type { Wasi } from "./wasi/wasi.ts";

/** Time that an aborted run has to end by itself, once its hostcalls answer `cancelled`, in milliseconds. */
const ABORT_GRACE_MS = 1_000;

/** Parts of an instance. Made by `LoadedComponent.instantiate`. */
export interface InstanceParts {
	readonly name: string;
	readonly run: (input: string) => unknown;
	readonly wasi: Wasi;
	/** Returns the last lines of standard error. */
	readonly stderrTail: () => string;
	readonly signal: AbortSignal | undefined;
}

/** An instance of a guest, with memory and WASI of its own. Runs one input after another until `close` or a trap. */
export class ComponentInstance {
	readonly #name: string;
	/** Absent after the end: an embedder may keep the instance, and its memory must go. */
	#parts: InstanceParts | undefined;
	#state: "ready" | "running" | "ended" | "closed" = "ready";
	#endReason = "";
	#awaited = false;

	constructor(parts: InstanceParts) {
		this.#name = parts.name;
		this.#parts = parts;
	}

	/** False after a trap, an exit, an abort or `close`. */
	get usable(): boolean {
		return this.#state === "ready" || this.#state === "running";
	}

	/** True after the instance has ended and no caller waits for a run. A hostcall of such a guest is never answered. */
	get abandoned(): boolean {
		return !this.usable && !this.#awaited;
	}

	/**
	 * Runs the guest's `run` export. Resolves with the guest's answer, the error that it reported, or the trap that ended it.
	 *
	 * When `signal` is aborted, the guest has a second to end by itself, because its hostcalls answer `cancelled`. After that the outcome
	 * is a trap of kind `aborted`. A guest that never calls the host cannot be stopped from its own thread.
	 *
	 * @throws SpearError `invalid_request` when the instance is running, ended or closed; `cancelled` when aborted before the start.
	 */
	async run(input: string, options: { readonly signal?: AbortSignal } = {}): Promise<ComponentOutcome> {
		const name = this.#name;
		const parts = this.#parts;
		if (this.#state === "running")
			throw refuse(`the instance of ${name} is running already; await that run, or instantiate the component again`);
		if (this.#state !== "ready" || parts === undefined)
			throw refuse(`the instance of ${name} cannot run any more: ${this.#endReason}; instantiate the component again`);
		const signals = [parts.signal, options.signal].filter((signal) => signal !== undefined);
		const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
		if (signal?.aborted === true)
			throw new SpearError("cancelled", `the run of ${name} was aborted before it began`, { cause: signal.reason });
		this.#state = "running";
		this.#awaited = true;
		try {
			return await (signal === undefined ? this.#enter(parts, input) : this.#enterAbortable(parts, input, signal));
		} finally {
			this.#awaited = false;
			parts.wasi.flush();
			if (this.#state === "running") this.#state = "ready";
		}
	}

	/** Ends the instance: clears its timers and refuses further runs. The memory is freed with the last reference. */
	close(): void {
		this.#end("closed", "it was closed");
	}

	[Symbol.dispose](): void {
		this.close();
	}

	async #enter({ run, wasi, stderrTail }: InstanceParts, input: string): Promise<ComponentOutcome> {
		try {
			const answer = await run(input);
			if (typeof answer === "string") return { ok: answer };
			throw new TypeError(`the export run answered with ${typeof answer}, not text; build the guest for a world of spear:ai`);
		} catch (thrown) {
			wasi.flush();
			const outcome = outcomeOf(thrown, stderrTail());
			if (!isReusable(thrown)) this.#end("ended", "trap" in outcome ? outcome.trap.message : "it exited");
			return outcome;
		}
	}

	async #enterAbortable(parts: InstanceParts, input: string, signal: AbortSignal): Promise<ComponentOutcome> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const { promise: aborted, resolve } = Promise.withResolvers<ComponentOutcome>();
		const onAbort = () => {
			timer = setTimeout(() => {
				const message = "the run was aborted and the guest did not end by itself";
				this.#end("ended", message);
				resolve({ trap: { kind: "aborted", message, stderr: parts.stderrTail(), cause: signal.reason } });
			}, ABORT_GRACE_MS);
		};
		signal.addEventListener("abort", onAbort, { once: true });
		try {
			return await Promise.race([this.#enter(parts, input), aborted]);
		} finally {
			signal.removeEventListener("abort", onAbort);
			clearTimeout(timer);
		}
	}

	#end(state: "ended" | "closed", why: string): void {
		if (!this.usable) return;
		this.#state = state;
		this.#endReason = why;
		this.#parts?.wasi.close();
		this.#parts = undefined;
	}
}

function refuse(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
