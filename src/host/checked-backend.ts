import type { Operation } from "../../generated/ir/operations.ts";
import { TurnBudget } from "../async/turn-budget.ts";
import { within } from "../async/within.ts";
import type { Backend } from "../backends/backend.ts";
import type { UpstreamProbes } from "../backends/discovery.ts";
import { checkedEvent, checkedResult } from "../operations/checked-answer.ts";
import { isOperation } from "../operations/is-operation.ts";
import { checkedModels } from "./checked-models.ts";
import { redactedFailure } from "./redacted-failure.ts";

/** Longest time of `close`, in milliseconds. Otherwise one adapter that waits for ever would keep the host from closing. */
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Returns a backend whose results and events are validated before the host uses them. An answer of another shape is a `backend_error`
 * that names the backend, whichever adapter made it. Otherwise the guest would receive a conversion error, or a wrong value.
 *
 * @param name Name of the instance, for messages.
 * @param closeTimeoutMs Longest time of `close`, which fails then. The default is 10 seconds.
 */
export function checkedBackend(backend: Backend, name: string, closeTimeoutMs = CLOSE_TIMEOUT_MS): Backend {
	const operations = derived(backend.operations, (operation, implementation) =>
		isOperation(operation) && isObject(implementation) ? checkedOperation(operation, implementation, name) : implementation,
	);
	const close = async (): Promise<void> => backend.close();
	return {
		operations,
		capabilities: backend.capabilities,
		...checkedProbes(backend, name),
		close: () => within(close(), closeTimeoutMs, () => new Error(`backend '${name}' is not closed after ${closeTimeoutMs} ms`)),
	};
}

function checkedProbes(backend: Backend, name: string): UpstreamProbes {
	const { listModels, probe } = backend;
	return {
		...(listModels === undefined
			? {}
			: { listModels: async (context) => checkedModels(await guarded(() => listModels.call(backend, context), context.apiKey), name) }),
		...(probe === undefined ? {} : { probe: (context) => guarded(() => probe.call(backend, context), context.apiKey) }),
	};
}

function checkedOperation(operation: Operation, implementation: object, name: string): object {
	return derived(implementation, (member, value) => {
		if (typeof value !== "function") return value;
		const call = (args: unknown[]): unknown => Reflect.apply(value, implementation, args);
		switch (member) {
			case "unary":
				return async (...args: unknown[]) => checkedResult(operation, await guarded(() => call(args), keyOf(args)), name);
			case "stream":
				return (...args: unknown[]) => checkedEvents(operation, call(args), { name, key: keyOf(args) });
			case "connect":
				return async (...args: unknown[]) => {
					const key = keyOf(args);
					return checkedChannel(operation, await guarded(() => call(args), key), { name, key });
				};
			default:
				return value.bind(implementation);
		}
	});
}

/**
 * Most events of a stream in one turn of the event loop. One message of an upstream may hold any number of events, such as tool calls, and
 * each costs some work in every layer.
 */
const MAX_EVENTS_PER_TURN = 256;

/** The instance that a call goes to. */
interface Called {
	/** Name of the instance, for messages. */
	readonly name: string;
	/** Key of the call, which no failure may show. */
	readonly key: string | undefined;
}

/** Returns the key among the arguments of a call: a request and its context. */
function keyOf([, context]: readonly unknown[]): string | undefined {
	return isObject(context) && "apiKey" in context && typeof context.apiKey === "string" ? context.apiKey : undefined;
}

async function guarded<T>(call: () => T | PromiseLike<T>, key: string | undefined): Promise<T> {
	try {
		return await call();
	} catch (thrown) {
		throw redactedFailure(thrown, key);
	}
}

function checkedChannel(operation: Operation, channel: unknown, called: Called): unknown {
	if (!isObject(channel)) return checkedEvent(operation, channel, called.name);
	return derived(channel, (member, value) => {
		if (member === "events") return checkedEvents(operation, value, called);
		return typeof value === "function" ? value.bind(channel) : value;
	});
}

/** Validates events one by one, a bounded number in one turn of the event loop. Passes `return` on at once, so that a stream can be left while its next event is pending. */
function checkedEvents(operation: Operation, events: unknown, { name, key }: Called): AsyncIterable<unknown> {
	return {
		[Symbol.asyncIterator]() {
			if (!isAsyncIterable(events)) throw checkedEvent(operation, events, name);
			const source = events[Symbol.asyncIterator]();
			const budget = new TurnBudget(MAX_EVENTS_PER_TURN);
			return {
				async next() {
					if (budget.exhausted) await budget.nextTurn;
					budget.use();
					const step = await guarded(() => source.next(), key);
					return step.done === true ? step : { done: false, value: checkedEvent(operation, step.value, name) };
				},
				async return(value?: unknown) {
					return (await source.return?.(value)) ?? { done: true, value };
				},
			};
		},
	};
}

/** Returns an object like `target` whose members are what `replace` returns, computed at their first use. */
function derived<T extends object>(target: T, replace: (member: string, value: unknown) => unknown): T {
	const members = new Map<string, unknown>();
	// A proxy of `target` itself could not replace the members of a frozen object.
	const like: T = Object.create(target);
	return new Proxy(like, {
		get(_, member) {
			if (typeof member !== "string") return Reflect.get(target, member);
			if (!members.has(member)) members.set(member, replace(member, Reflect.get(target, member)));
			return members.get(member);
		},
	});
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
	return isObject(value) && Symbol.asyncIterator in value;
}
