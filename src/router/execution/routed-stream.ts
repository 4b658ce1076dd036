import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import { ARRIVED, type ArrivingIterator } from "../../async/arrived.ts";
import { SerialIterator } from "../../async/serial-iterator.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Attempt } from "./attempt.ts";
import type { RequestExecution } from "./request-execution.ts";

/** Events of an operation. */
type EventOf<O extends Operation> = OperationMap[O]["event"];

/** A stream that an attempt has opened. */
export interface OpenedEvents<O extends Operation> {
	readonly events: ArrivingIterator<EventOf<O>>;
	readonly first: EventOf<O>;
}

/** An execution whose stream is open. */
export interface StartedStream<O extends Operation> {
	readonly attempt: Attempt;
	readonly opened: OpenedEvents<O>;
}

export interface RoutedStreamOptions<O extends Operation> {
	readonly operation: O;
	/** Admits the request. Called at the first read. */
	readonly begin: () => Promise<RequestExecution>;
	/** Makes attempts until one has its first event. */
	readonly start: (execution: RequestExecution) => Promise<StartedStream<O>>;
}

/** The events of one request. Ends with `completed`. A failure has the explanation. */
export class RoutedStream<O extends Operation> extends SerialIterator<EventOf<O>, EventOf<O>> {
	readonly #options: RoutedStreamOptions<O>;
	#execution: RequestExecution | undefined;
	#started: StartedStream<O> | undefined;
	#completed = false;

	constructor(options: RoutedStreamOptions<O>) {
		super();
		this.#options = options;
	}

	protected override arrived(): IteratorResult<EventOf<O>, void> | undefined {
		if (this.#completed) return { done: true, value: undefined };
		const execution = this.#execution;
		const started = this.#started;
		if (execution === undefined || started === undefined) return undefined;
		try {
			const { reason } = started.attempt;
			if (reason !== undefined) throw reason;
			const step = started.opened.events[ARRIVED]?.();
			return step === undefined ? undefined : this.#delivered(execution, step);
		} catch (thrown) {
			throw execution.fail(thrown);
		}
	}

	protected override wait(): Promise<IteratorResult<EventOf<O>, void>> {
		const execution = this.#execution;
		const started = this.#started;
		if (execution === undefined) return this.#first();
		if (started === undefined) throw new SpearError("internal", "a stream was read after its start had failed");
		return started.attempt.next(started.opened.events.next(), execution.rules.idleTimeoutMs);
	}

	protected override received(step: IteratorResult<EventOf<O>, void>): IteratorResult<EventOf<O>, void> {
		if (this.#execution === undefined) throw new SpearError("internal", "a stream has an event before its start");
		return this.#delivered(this.#execution, step);
	}

	protected override failed(thrown: unknown): unknown {
		return this.#execution === undefined ? thrown : this.#execution.fail(thrown);
	}

	/** Does not wait for the source: one that ignores its signal must not delay the caller. */
	protected override release(): void {
		if (this.#started !== undefined) cancelIterator(this.#started.opened.events);
		this.#execution?.abandon();
	}

	async #first(): Promise<IteratorResult<EventOf<O>, void>> {
		const execution = await this.#options.begin();
		this.#execution = execution;
		const started = await this.#options.start(execution);
		this.#started = started;
		started.attempt.lease.confirm();
		return { done: false, value: started.opened.first };
	}

	/** Records an event before the reader gets it: the reader may stop at the last event, and the request has succeeded then. */
	#delivered(execution: RequestExecution, step: IteratorResult<EventOf<O>, void>): IteratorResult<EventOf<O>, void> {
		if (step.done === true) throw endedEarly();
		const event = step.value;
		execution.recordDelivered(event);
		if (event.type !== "completed") return step;
		const value = { ...event, completed: execution.withDowngrades(this.#options.operation, event.completed) };
		execution.succeed();
		this.#completed = true;
		return { done: false, value };
	}
}

/** The error for a stream without its last event. */
export function endedEarly(): SpearError {
	return new SpearError("backend_error", "the backend ended the stream without completing the answer", {
		retryable: true,
		processed: "unknown",
	});
}

/** Ends a stream without a wait for its end. */
export function cancelIterator(events: AsyncIterator<unknown>): void {
	void events.return?.()?.catch(() => {});
}
