import type { Operation } from "../../generated/ir/operations.ts";
import { within } from "../async/within.ts";
import type { Backend } from "../backends/backend.ts";
import type { UpstreamProbes } from "../backends/discovery.ts";
import { checkedEvent, checkedResult } from "../operations/checked-answer.ts";
import { isOperation } from "../operations/is-operation.ts";
import { checkedChannel } from "./checked-channel.ts";
import { checkedEvents, guarded } from "./checked-events.ts";
import { checkedModels, withoutKey } from "./checked-models.ts";
import { redactedFailure } from "./redacted-failure.ts";
import { KeyMasks, redactedResult } from "./redacted-result.ts";

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
	const masks = new KeyMasks();
	const operations = derived(backend.operations, (operation, implementation) =>
		isOperation(operation) && isObject(implementation) ? checkedOperation(operation, implementation, { name, masks }) : implementation,
	);
	const close = async (): Promise<void> => backend.close();
	const residentModels = backend.residentModels?.bind(backend);
	return {
		operations,
		capabilities: backend.capabilities,
		...(residentModels === undefined ? {} : { residentModels }),
		...checkedProbes(backend, { name, masks }),
		close: () => within(close(), closeTimeoutMs, () => new Error(`backend '${name}' is not closed after ${closeTimeoutMs} ms`)),
	};
}

/** The instance that is checked. */
interface Checked {
	/** Name of the instance, for messages. */
	readonly name: string;
	readonly masks: KeyMasks;
}

function checkedProbes(backend: Backend, { name, masks }: Checked): UpstreamProbes {
	const { listModels, probe } = backend;
	return {
		...(listModels === undefined
			? {}
			: {
					async listModels(context) {
						const models = checkedModels(await guarded(() => listModels.call(backend, context), context.apiKey), name);
						return context.apiKey === undefined ? models : withoutKey(models, masks.of(context.apiKey));
					},
				}),
		...(probe === undefined ? {} : { probe: (context) => guarded(() => probe.call(backend, context), context.apiKey) }),
	};
}

function checkedOperation(operation: Operation, implementation: object, { name, masks }: Checked): object {
	return derived(implementation, (member, value) => {
		if (typeof value !== "function") return value;
		const call = (args: unknown[]): unknown => Reflect.apply(value, implementation, args);
		switch (member) {
			case "unary":
				return async (...args: unknown[]) => {
					const key = keyOf(args);
					let answer: unknown;
					try {
						answer = await call(args);
					} catch (thrown) {
						throw redactedFailure(thrown, key);
					}
					const result = checkedResult(operation, answer, name);
					return key === undefined ? result : redactedResult(result, masks.of(key));
				};
			case "stream":
				return (...args: unknown[]) => {
					const key = keyOf(args);
					return checkedEvents(call(args), { name, key }, (value) => {
						const event = checkedEvent(operation, value, name);
						if (event.type !== "completed" || key === undefined) return event;
						return { ...event, completed: redactedResult(event.completed, masks.of(key)) };
					});
				};
			case "connect":
				return async (...args: unknown[]) => {
					const key = keyOf(args);
					return checkedChannel(await guarded(() => call(args), key), { name, key });
				};
			default:
				return value.bind(implementation);
		}
	});
}

/** Returns the key among the arguments of a call: a request and its context. */
function keyOf([, context]: readonly unknown[]): string | undefined {
	return isObject(context) && "apiKey" in context && typeof context.apiKey === "string" ? context.apiKey : undefined;
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
