import type { BackendContext } from "../../generated/backends/backend.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { RouteDecision } from "../../src/router/decision/route-decision.ts";
import type { Instance } from "../../src/router/instances/instance.ts";
import type { RouteContext, Router } from "../../src/router/router.ts";
import type { Clock } from "../../src/time/clock.ts";
import { NO_MEDIA } from "../backends/context.ts";
import { chatEnvelope } from "../helpers/chat.ts";
import { type FakeInstanceOptions, fakeInstance, NO_OPERATIONS } from "../helpers/instances.ts";

/** An event with a part of an answer. */
export const TEXT: cchat.Event = { type: "text", text: "a" };

/** The context of a request that also collects its decisions. */
export interface Watched extends RouteContext {
	readonly decisions: RouteDecision[];
}

export function watched(more: Partial<RouteContext> = {}): Watched {
	const decisions: RouteDecision[] = [];
	return {
		media: NO_MEDIA,
		signal: new AbortController().signal,
		onDecision: (decision) => decisions.push(decision),
		decisions,
		...more,
	};
}

/** The routing of a request, without lists and preferences unless given. */
export function routing(more: Partial<types.Routing> = {}): types.Routing {
	return { allowlist: [], denylist: [], preferred: [], ...more };
}

/** Names of the instances that serve `count` chats, one after another. */
export async function served(router: Router, count: number, request = chatEnvelope()): Promise<string[]> {
	const names: string[] = [];
	for (let i = 0; i < count; i++) names.push((await router.unary(request, watched())).backend.instance);
	return names;
}

export async function collect<T>(source: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
	for await (const item of source) into.push(item);
	return into;
}

/** The error that a call ends with. */
export async function rejects(promise: Promise<unknown>): Promise<SpearError> {
	const thrown: unknown = await promise.then(
		() => new Error("did not reject"),
		(reason) => reason,
	);
	if (thrown instanceof SpearError) return thrown;
	throw thrown;
}

/** The instance and the failure of each attempt. */
export function outcomes(attempts: readonly types.Attempt[] | undefined): [string, types.ErrorCode | undefined][] {
	return (attempts ?? []).map(({ backend, failure }) => [backend, failure]);
}

/** A call that ends only when its signal is aborted. */
export function untilAborted({ signal }: Pick<BackendContext, "signal">): Promise<never> {
	return new Promise((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
	});
}

/** A call that takes `ms` milliseconds, unless it is aborted. */
export function takes<T>(clock: Clock, ms: number, then: () => T): (context: Pick<BackendContext, "signal">) => Promise<T> {
	return ({ signal }) =>
		new Promise((resolve, reject) => {
			const cancel = clock.after(ms, () => {
				signal.removeEventListener("abort", onAbort);
				try {
					resolve(then());
				} catch (thrown) {
					reject(thrown);
				}
			});
			const onAbort = (): void => {
				cancel();
				reject(signal.reason);
			};
			signal.addEventListener("abort", onAbort, { once: true });
		});
}

/** An instance whose calls fail before their first output. */
export function failing(name: string, error: () => unknown, options: FakeInstanceOptions = {}): Instance {
	return fakeInstance(name, {
		...options,
		unary: async () => {
			throw error();
		},
		// biome-ignore lint/correctness/useYield: it fails first
		async *stream() {
			throw error();
		},
	});
}

/** The number of leases on each instance. */
export function inFlight(...instances: readonly Instance[]): number[] {
	return instances.map(({ stats }) => stats.inFlight);
}

/** The instance with a backend of other operations. */
export function serving(instance: Instance, operations: Partial<Instance["backend"]["operations"]>): Instance {
	return { ...instance, backend: { ...instance.backend, operations: { ...NO_OPERATIONS, ...operations } } };
}

/** A request for an image, as `normalize` makes it. */
export function imageEnvelope(more: Partial<RequestEnvelope<"image_generation">> = {}): RequestEnvelope<"image_generation"> {
	return { ...chatEnvelope(), operation: "image_generation", payload: { task: { type: "generate" }, prompt: "a cat" }, ...more };
}
