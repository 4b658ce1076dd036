import { OPERATIONS, type Operation } from "../../../generated/ir/operations.ts";
import { abortError, cancelledError, SpearError } from "../../errors/spear-error.ts";
import { checkEmitted, type Emitted } from "../../hostcall/emitted.ts";
import type { HostTools } from "../../hostcall/host-tools.ts";
import type { AnyCall, Call, GuestLimits } from "../../hostcall/scope.ts";
import { toGuestError } from "../../hostcall/to-guest-error.ts";
import type { BlockingAnswer, BlockingCall, HostCall, ToWorker } from "../../worker/protocol.ts";
import type { GuestServices } from "../guest-services.ts";
import { HostMedia } from "./host-media.ts";
import { HostSession } from "./host-session.ts";
import { HostStream } from "./host-stream.ts";
import type { ParsedEnd } from "./parse-message.ts";
import { require, Violation } from "./violation.ts";

/** Calls that may be in flight beside the handles of a guest. */
const SPARE_CALLS = 256;

/** Cancels what a call has started. */
interface Open {
	abort(reason: SpearError): void;
	credit?(bytes: number): void;
}

/** Serves the calls of one guest in a worker. Every call of the worker passes here, and none is trusted: see `parse-message.ts`. */
export class HostCalls {
	readonly #services: GuestServices;
	readonly #post: (message: ToWorker<unknown>) => void;
	readonly #onViolation: (violation: Violation) => void;
	readonly #media: HostMedia;
	/** Calls, streams and sessions in flight, by id. */
	readonly #open = new Map<number, Open>();
	readonly #sessions = new Map<number, HostSession>();
	/** Number of sessions that are being validated. */
	#connecting = 0;
	#last = 0;
	#closed = false;
	/** True while output waits for the reader of the run. */
	#emitting = false;

	/** @param onViolation Called when an asynchronous call turns out to break the protocol. */
	constructor(services: GuestServices, post: (message: ToWorker<unknown>) => void, onViolation: (violation: Violation) => void) {
		this.#services = services;
		this.#post = (message) => {
			if (!this.#closed) post(message);
		};
		this.#onViolation = onViolation;
		this.#media = new HostMedia(services.media);
	}

	/** Begins a call. @throws Violation */
	call(id: number, call: HostCall): void {
		require(id === this.#last + 1, "a call has an id that is not the next");
		require(this.#open.size < this.#services.limits.maxHandles + SPARE_CALLS, "too many calls are in flight");
		this.#last = id;
		void this.#answer(id, call);
	}

	/** Cancels a call, a stream or a session. Ids that are over are ignored. @throws Violation for an id that was never used. */
	cancel(id: number): void {
		require(id <= this.#last, "an unknown call is cancelled");
		this.#open.get(id)?.abort(cancelledError("the guest no longer waits for the call"));
	}

	/** Returns bytes to the window of a stream or a session. @throws Violation */
	credit(id: number, bytes: number): void {
		require(id <= this.#last, "an unknown stream has credit");
		this.#open.get(id)?.credit?.(bytes);
	}

	/** Settles a session. @throws Violation */
	endSession(id: number, outcome: ParsedEnd): void {
		require(id <= this.#last, "an unknown session is ended");
		this.#sessions.get(id)?.end(outcome);
	}

	release(kind: "reader" | "writer", id: number): void {
		this.#media.release(kind, id);
	}

	/** Answers a call that the worker's thread waits for. @throws Violation */
	answerNow(call: BlockingCall): BlockingAnswer<unknown> {
		try {
			return { value: this.#result(call) };
		} catch (thrown) {
			if (thrown instanceof Violation) throw thrown;
			return { error: this.#failure(thrown, call.name, undefined) };
		}
	}

	/** Cancels everything. Nothing is sent from then on. */
	close(): void {
		this.#closed = true;
		this.abort(cancelledError("the instance has ended"));
		this.#media.close();
	}

	/** Cancels everything in flight. The worker receives the failures. */
	abort(reason: SpearError): void {
		for (const open of this.#open.values()) open.abort(reason);
	}

	#result(call: BlockingCall): unknown {
		const { pipeline } = this.#services;
		switch (call.name) {
			case "catalog":
				return pipeline.catalog();
			case "tool-servers":
				return this.#services.hostTools?.servers ?? [];
			case "voices":
				return pipeline.voices(call.model);
			case "writer":
				return this.#media.openWriter(call.id, call.mimeType);
		}
	}

	async #answer(id: number, call: HostCall): Promise<void> {
		const operation = operationOf(call);
		try {
			switch (call.name) {
				case "unary":
					this.#post({ type: "answer", id, value: await this.#unary(id, call.call) });
					break;
				case "stream":
					await this.#stream(id, call.call);
					break;
				case "list-tools":
					this.#post({ type: "answer", id, value: await this.#tools(id, (tools, signal) => tools.list(call.selection, signal)) });
					break;
				case "call-tool":
					this.#post({ type: "answer", id, value: await this.#tools(id, (tools, signal) => tools.call(call.tool, signal)) });
					break;
				case "connect":
					require(call.call.operation === "realtime_voice", "an operation without sessions is connected");
					await this.#connect(id, call.call);
					this.#post({ type: "answer", id, value: undefined });
					break;
				default:
					this.#post({ type: "answer", id, value: await this.#run(id, call) });
			}
		} catch (thrown) {
			if (thrown instanceof Violation) this.#onViolation(thrown);
			else this.#post({ type: "failure", id, error: this.#failure(thrown, call.name, operation) });
		}
	}

	async #unary(id: number, call: AnyCall): Promise<unknown> {
		const { pipeline, signal } = this.#services;
		if (signal.aborted) throw abortError(signal);
		const abort = new AbortController();
		this.#open.set(id, abort);
		try {
			return await pipeline.unary(call, abort.signal);
		} finally {
			this.#open.delete(id);
		}
	}

	/** Runs a use of the host's tools, which the worker may cancel. */
	async #tools<T>(id: number, run: (tools: HostTools, signal: AbortSignal) => Promise<T>): Promise<T> {
		const { hostTools, signal } = this.#services;
		require(hostTools !== undefined, "a worker calls tools of a host without tools");
		if (signal.aborted) throw abortError(signal);
		const abort = new AbortController();
		this.#open.set(id, abort);
		try {
			return await run(hostTools, abort.signal);
		} finally {
			this.#open.delete(id);
		}
	}

	async #stream(id: number, call: AnyCall): Promise<void> {
		const { pipeline, signal } = this.#services;
		const stream = new HostStream(id, this.#post);
		this.#open.set(id, stream);
		try {
			const send = await stream.open(pipeline, call);
			if (signal.aborted) stream.abort(abortError(signal));
			this.#post({ type: "answer", id, value: undefined });
			await send();
		} finally {
			this.#open.delete(id);
		}
	}

	async #connect(id: number, call: Call<"realtime_voice">): Promise<void> {
		const { pipeline, signal, limits, clock } = this.#services;
		if (this.#sessions.size + this.#connecting >= limits.maxRealtimeSessions) {
			throw new SpearError("rate_limited", "too many realtime sessions are open");
		}
		this.#connecting += 1;
		const open = await pipeline.connect(call).finally(() => {
			this.#connecting -= 1;
		});
		if (signal.aborted) throw abortError(signal);
		const session = new HostSession({
			id,
			open,
			post: this.#post,
			clock,
			maxMs: limits.maxRealtimeMs,
			onEnd: () => {
				this.#open.delete(id);
				this.#sessions.delete(id);
			},
		});
		this.#open.set(id, session);
		this.#sessions.set(id, session);
	}

	async #run(
		id: number,
		call: Exclude<HostCall, { readonly name: "unary" | "stream" | "connect" | "list-tools" | "call-tool" }>,
	): Promise<unknown> {
		const { media } = this.#services;
		this.#open.set(id, { abort: () => {} });
		try {
			switch (call.name) {
				case "dial":
					return await this.#session(call.session).dial();
				case "input":
					return await this.#session(call.session).input(call.input);
				case "drain":
					return await this.#session(call.session).drain();
				case "hang-up":
					return await this.#session(call.session).hangUp();
				case "emit":
					return await this.#emit(call.output);
				case "put":
					return await media.put(call.bytes, call.mimeType);
				case "get":
					return await media.get(call.reference);
				case "stat":
					return await media.stat(call.reference);
				case "remove":
					return await media.remove(call.reference);
				case "reader":
					return await this.#media.openReader(id, call.reference);
				case "read":
					return await this.#media.read(call.reader, call.maxBytes);
				case "write":
					return await this.#media.write(call.writer, call.bytes);
				case "finish":
					return await this.#media.finish(call.writer);
			}
		} finally {
			this.#open.delete(id);
		}
	}

	/** Passes output on as that of a guest in this thread, whose hostcall has checked it. */
	async #emit(output: Emitted): Promise<void> {
		require(!this.#emitting, "a worker emits output before the last one was taken");
		requireEmittable(output, this.#services.limits);
		this.#emitting = true;
		try {
			await this.#services.emit(output);
		} finally {
			this.#emitting = false;
		}
	}

	#session(id: number): HostSession {
		const session = this.#sessions.get(id);
		if (session === undefined) throw new SpearError("invalid_request", "the session is not open");
		return session;
	}

	/** Returns the error that crosses. The cause is logged here, and stays. */
	#failure(thrown: unknown, name: string, operation: Operation | undefined) {
		const other = name === "emit" ? "output" : "media";
		const site = { interface: operation === undefined ? other : OPERATIONS[operation].family, function: name };
		return toGuestError(thrown, operation === undefined ? site : { ...site, operation }, this.#services.faults).toRecord();
	}
}

/** @throws Violation for output that the hostcall of a worker in order refuses. */
function requireEmittable(output: Emitted, limits: GuestLimits): void {
	try {
		checkEmitted(output, limits);
	} catch {
		throw new Violation("a worker emits output that no hostcall accepts");
	}
}

/** Returns the operation that a call belongs to. `undefined` for calls on media and output. */
function operationOf(call: HostCall): Operation | undefined {
	if ("call" in call) return call.call.operation;
	return call.name === "list-tools" || call.name === "call-tool" ? "chat_completions" : undefined;
}
