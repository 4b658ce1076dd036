import type * as cchat from "../../generated/ir/cchat.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { createLogBudget } from "../../src/hostcall/log-budget.ts";
import type { RedactLine } from "../../src/hostcall/log-line.ts";
import { createLogWriter } from "../../src/hostcall/log-writer.ts";
import type { Call, DecisionListener, GuestLimits, GuestMediaCalls, GuestScope } from "../../src/hostcall/scope.ts";
import { UNACCOUNTED } from "../../src/memory/memory-kinds.ts";
import type { RouteDecision } from "../../src/router/decision/route-decision.ts";
import type { Answer } from "../../src/router/execution/run-request.ts";
import { FakeClock } from "./fake-clock.ts";

export const LIMITS: GuestLimits = {
	maxIterations: 8,
	maxTotalToolCalls: 32,
	maxToolOutputBytes: 65_536,
	streamBufferBytes: 262_144,
	maxLogBytes: 8_192,
	maxLogLinesPerS: 200,
	maxLogBytesPerS: 262_144,
	maxHostcallBytes: 25_165_824,
	maxHostcallItems: 100_000,
	maxHandles: 1_024,
	maxRealtimeSessions: 4,
	maxRealtimeMs: 3_600_000,
	realtimeIdleMs: 300_000,
	realtimeQueueBytes: 4_194_304,
};

const refused = (): never => {
	throw new Error("this test has no media");
};

/** Media of a guest without media. */
export const NO_GUEST_MEDIA: GuestMediaCalls = {
	put: refused,
	get: refused,
	stat: refused,
	remove: refused,
	writer: refused,
	reader: refused,
};

export interface ScriptedScope extends GuestScope {
	/** Calls received, oldest first. */
	readonly calls: Call<Operation>[];
	readonly logged: { level: string; message: string; fields: readonly { key: string; value: string }[] }[];
	readonly abort: AbortController;
	readonly clock: FakeClock;
}

/** Answer of the scripted pipeline to one call: a response, a failure to throw, or the events of a stream. */
export type Scripted = cchat.Response | Error | readonly (cchat.Event | Error)[];

/** Creates a guest scope whose pipeline answers chat calls from a script, in order. `redact` removes keys from log lines. */
export function scriptedScope(
	script: readonly Scripted[],
	limits: Partial<GuestLimits> = {},
	redact: RedactLine = (text) => text,
): ScriptedScope {
	const abort = new AbortController();
	const calls: Call<Operation>[] = [];
	const queue = [...script];
	const logged: ScriptedScope["logged"] = [];
	const clock = new FakeClock();
	const writeLog = createLogWriter({
		limits: { ...LIMITS, ...limits },
		redact,
		write: (level, message, fields) => logged.push({ level, message, fields }),
	});
	const next = (call: Call<Operation>): Scripted => {
		calls.push(call);
		return queue.shift() ?? new Error("the script has no more answers");
	};
	return {
		abort,
		calls,
		logged,
		signal: abort.signal,
		limits: { ...LIMITS, ...limits },
		media: NO_GUEST_MEDIA,
		memory: UNACCOUNTED,
		clock,
		writeLog,
		emit: () => undefined,
		logBudget: createLogBudget({ limits: { ...LIMITS, ...limits }, clock, signal: abort.signal, writeLog }),
		pipeline: {
			voices: () => [],
			catalog: () => [],
			async unary<O extends Operation>(call: Call<O>): Promise<Answer<O>> {
				const answer = next(call);
				if (answer instanceof Error) throw answer;
				const envelope: unknown = {
					version: 1,
					request_id: "r",
					operation: call.operation,
					backend: { name: "fake", instance: "fake-1", latency_ms: 7, attempts: [] },
					result: { payload: answer },
				};
				return envelope as Answer<O>;
			},
			async stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener) {
				const answer = next(call);
				if (answer instanceof Error) throw answer;
				const events = Array.isArray(answer) ? answer : [];
				return async function* () {
					for (const event of events) {
						if (event instanceof Error) throw event;
						if (event.type === "completed") onDecision?.(decidedFor("fake-1", 9));
						yield event;
					}
				};
			},
			connect: () => Promise.reject(new Error("the scripted pipeline has no sessions")),
		},
	};
}

function decidedFor(instance: string, latencyMs: number): RouteDecision {
	const attempts = [{ backend: instance, latency_ms: latencyMs, role: "first" as const, start_ms: 0 }];
	return {
		type: "decision",
		requestId: "r",
		operation: "chat_completions",
		outcomes: [],
		chosen: instance,
		attempts,
		explanation: {
			operation: "chat_completions",
			required_features: [],
			required_transports: [],
			candidates_checked: 1,
			eligible: [instance],
			rejected: [],
			policy: "round_robin",
			chosen: instance,
			attempts,
			considered: [],
			events: [],
		},
	};
}
