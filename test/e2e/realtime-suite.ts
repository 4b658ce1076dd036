import { suite, type Test } from "uvu";
import * as assert from "uvu/assert";
import type { AgentInstance } from "../../src/index.ts";
import { describe } from "../helpers/probe-host.ts";
import type { StepOutcome } from "../helpers/realtime-guest.ts";
import { REALTIME_KEY, type RealtimeHost, startRealtimeHost } from "../helpers/realtime-host.ts";
import { answerEvents, type SessionBehaviour } from "../helpers/realtime-server.ts";

/** Returns a suite with one host and one instance of its guest. After each test, no socket and no lease may be left. */
export function realtimeSuite(name: string): Test<{ voice: RealtimeHost; instance: AgentInstance }> {
	const test = suite<{ voice: RealtimeHost; instance: AgentInstance }>(name);

	test.before(async (context) => {
		context.voice = await startRealtimeHost({ limits: { max_realtime_sessions: 2, realtime_queue_bytes: 262_144 } });
		context.instance = await context.voice.instance();
	});

	test.after(async ({ voice, instance }) => {
		await instance.close();
		await voice.close();
		assert.not.match(describe([voice.logged, voice.events]), new RegExp(REALTIME_KEY));
	});

	test.after.each(async ({ voice }) => {
		await voice.server.quiet();
		assert.equal(voice.server.faults.splice(0), []);
		assert.is(voice.host.backends()[0]?.inFlight, 0);
	});

	return test;
}

export const CONNECT = { do: "connect", request: {} };
export const DROP = { do: "drop" };

/** Behaviour of an upstream that waits for a commit and answers with these parts. */
export function spokenTurn(id: string, ...parts: Parameters<typeof answerEvents>[1]): SessionBehaviour {
	return async (peer) => {
		await peer.next("input_audio_buffer.commit");
		await peer.send({ type: "input_audio_buffer.committed", item_id: `u_${id}`, previous_item_id: null });
		await peer.next("response.create");
		await peer.send(...answerEvents(id, parts));
	};
}

/** Returns the item of a list. `undefined` for a value that is no list. */
export function at(list: unknown, index: number): unknown {
	return Array.isArray(list) ? list.at(index) : undefined;
}

/** A terminal event. The members of a failure are absent for `completed`. */
export interface Terminal {
	readonly tag: string | undefined;
	readonly code?: unknown;
	readonly message?: unknown;
	readonly retryable?: unknown;
}

/** Returns the tag of a terminal event, and the error of a failure. */
export function terminal({ ok }: StepOutcome = {}): Terminal {
	const { tag, val }: { tag?: string; val?: Partial<Record<string, unknown>> } = typeof ok === "object" && ok !== null ? ok : {};
	return tag === "failed" ? { tag, code: val?.code, message: val?.message, retryable: val?.retryable } : { tag };
}
