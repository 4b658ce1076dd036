import type { RealtimeVoiceChannel } from "../../generated/backends/realtime-voice.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type * as rt from "../../generated/ir/rt.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { AnyCall, OpenSession } from "../hostcall/scope.ts";
import type { ChannelOf } from "../router/execution/backend-calls.ts";
import type { Calls } from "./calls.ts";
import { PushQueue } from "./push-queue.ts";

/** An event of a channel. */
type ChannelEvent = Exclude<rt.Event, { type: "completed" | "failed" }>;

interface ChannelParts {
	readonly calls: Calls;
	readonly session: number;
	readonly events: AsyncIterable<ChannelEvent>;
	readonly report: () => Partial<rt.Response>;
}

function realtimeChannel({ calls, session, events, report }: ChannelParts): RealtimeVoiceChannel {
	return {
		events,
		report,
		send: (input) => calls.ask<void>({ name: "input", session, input }),
		drain: () => calls.ask<void>({ name: "drain", session }),
		close: () => calls.ask<void>({ name: "hang-up", session }),
	};
}

/** Channels of the operations that have sessions. */
const channels: { readonly [O in Operation]?: (parts: ChannelParts) => ChannelOf<O> } = { realtime_voice: realtimeChannel };

function channelOf<O extends Operation>(operation: O, parts: ChannelParts): ChannelOf<O> {
	const make = channels[operation];
	if (make === undefined) throw new SpearError("internal", `the operation ${operation} has no sessions`);
	return make(parts);
}

/**
 * Has the host validate a session, and returns the function that opens it.
 *
 * @throws SpearError as the host refuses the session.
 */
export async function remoteSession<O extends Operation>(calls: Calls, operation: O, call: AnyCall): Promise<OpenSession<O>> {
	const queue = new PushQueue<ChannelEvent>(calls);
	let report: Partial<rt.Response> = {};
	const take = (latest: Partial<rt.Response> | undefined): void => {
		report = latest ?? report;
	};
	await calls.ask<void>(
		{ name: "connect", call },
		{
			onId: (id) => queue.open(id),
			target: {
				push(event: ChannelEvent, bytes, latest) {
					take(latest);
					queue.push(event, bytes);
				},
				end(error, latest) {
					take(latest);
					queue.end(error);
				},
			},
		},
	);
	const session = queue.id;
	return async (signal) => {
		const cancel = (): void => calls.cancel(session);
		signal.addEventListener("abort", cancel, { once: true });
		if (signal.aborted) cancel();
		const { downgrades } = await calls.ask<{ readonly downgrades: readonly types.Downgrade[] }>({ name: "dial", session });
		return {
			channel: channelOf(operation, { calls, session, events: queue.events(), report: () => report }),
			downgrades,
			// The host records the events as they leave its channel.
			record: () => {},
			end(outcome) {
				signal.removeEventListener("abort", cancel);
				calls.forget(session);
				calls.endSession(session, "failure" in outcome ? { failure: outcome.failure.toRecord() } : { completed: outcome.completed });
				return "failure" in outcome ? outcome.failure.with({ operation }) : undefined;
			},
		};
	};
}
