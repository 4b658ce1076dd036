import { ARRIVED, type ArrivingIterator } from "../async/arrived.ts";
import { TurnBudget } from "../async/turn-budget.ts";
import { redactedFailure } from "./redacted-failure.ts";

/**
 * Most events of a stream in one turn of the event loop. One message of an upstream may hold any number of events, such as tool calls, and
 * each costs some work in every layer.
 */
const MAX_EVENTS_PER_TURN = 256;

const ENDED = { done: true, value: undefined } as const;

/** The instance that a call goes to. */
export interface Called {
	/** Name of the instance, for messages. */
	readonly name: string;
	/** Key of the call, which no failure may show. */
	readonly key: string | undefined;
}

/** Calls an adapter. No failure shows the key. */
export async function guarded<T>(call: () => T | PromiseLike<T>, key: string | undefined): Promise<T> {
	try {
		return await call();
	} catch (thrown) {
		throw redactedFailure(thrown, key);
	}
}

/**
 * Validates events one by one, a bounded number in one turn of the event loop. Passes `return` on at once, so that a stream can be left while
 * its next event is pending.
 *
 * @param check Returns an event, or throws the error of a value that is none.
 */
export function checkedEvents<T>(events: unknown, { key }: Called, check: (event: unknown) => T): AsyncIterable<T> {
	return {
		[Symbol.asyncIterator]() {
			if (!isAsyncIterable(events)) throw check(events);
			const source: ArrivingIterator<unknown> = events[Symbol.asyncIterator]();
			const budget = new TurnBudget(MAX_EVENTS_PER_TURN);
			return {
				[ARRIVED]() {
					if (budget.exhausted) return undefined;
					const step = source[ARRIVED]?.();
					if (step === undefined) return undefined;
					budget.use();
					return step.done === true ? ENDED : { done: false as const, value: check(step.value) };
				},
				async next() {
					if (budget.exhausted) await budget.nextTurn;
					budget.use();
					let step: IteratorResult<unknown, void>;
					try {
						step = await source.next();
					} catch (thrown) {
						throw redactedFailure(thrown, key);
					}
					if (!isObject(step)) throw check(step);
					return step.done === true ? ENDED : { done: false, value: check(step.value) };
				},
				async return() {
					await source.return?.();
					return ENDED;
				},
			};
		},
	};
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
	return isObject(value) && Symbol.asyncIterator in value;
}
