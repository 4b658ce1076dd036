import type { Transcription } from "../../generated/hostcall/core/transcription.ts";
import type { JsonValue } from "../../generated/ir/json.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { CoreScope } from "../../src/hostcall/core/core-scope.ts";
import { FdTable } from "../../src/hostcall/core/fd-table.ts";
import { createTranscription } from "../../src/hostcall/core/transcription/transcription.ts";
import type { Call, GuestLimits, Pipeline, PipelineSession, SessionOutcome } from "../../src/hostcall/scope.ts";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";
import { settled } from "./fake-clock.ts";
import { type ScriptedScope, scriptedScope } from "./guest-scope.ts";
import { ScriptedChannel } from "./scripted-channel.ts";

export interface TranscriptionFixture {
	readonly scope: ScriptedScope;
	readonly memory: MemoryAccount;
	readonly rtasr: Transcription;
	readonly fds: FdTable;
	/** Channels of the sessions, in the order of their connections. */
	readonly channels: ScriptedChannel[];
	/** Outcomes of the sessions that have ended. */
	readonly outcomes: SessionOutcome<"realtime_voice">[];
	readonly calls: Call<Operation>[];
	/** Opens a session and sets parameters. */
	open(params?: Readonly<Record<string, JsonValue>>): number;
	/** Opens and connects a session. */
	connected(params?: Readonly<Record<string, JsonValue>>): Promise<{ readonly fd: number; readonly channel: ScriptedChannel }>;
	/** Reads all events of a session. */
	events(fd: number): string[];
}

export interface TranscriptionOptions {
	readonly limits?: Partial<GuestLimits>;
	readonly maxBytes?: number;
	/** Awaited by each connection. Rejects for one that fails. */
	readonly dial?: (signal: AbortSignal) => Promise<void>;
	/** True if a backend serves sessions. The default is true. */
	readonly isServed?: boolean;
}

/** Creates the transcriptions of a core module, with a clock and channels that the test controls. */
export function coreTranscription({
	limits,
	maxBytes = 67_108_864,
	dial,
	isServed = true,
}: TranscriptionOptions = {}): TranscriptionFixture {
	const scripted = scriptedScope([], limits);
	const memory = new MemoryAccount({ limit: maxBytes, total: new TotalMemory(Number.POSITIVE_INFINITY) });
	const channels: ScriptedChannel[] = [];
	const outcomes: SessionOutcome<"realtime_voice">[] = [];
	const calls: Call<Operation>[] = [];
	const pipeline: Pipeline = {
		...scripted.pipeline,
		catalog: () => [{ operation: "realtime_voice", available: isServed, models: [] }],
		async connect<O extends Operation>(call: Call<O>) {
			calls.push(call);
			return async (signal: AbortSignal): Promise<PipelineSession<O>> => {
				await dial?.(signal);
				const channel = new ScriptedChannel();
				channels.push(channel);
				const session: unknown = {
					channel,
					downgrades: [],
					record: () => {},
					end: (outcome: SessionOutcome<"realtime_voice">) => void outcomes.push(outcome),
				};
				return session as PipelineSession<O>;
			};
		},
	};
	const scope: CoreScope = { ...scripted, memory, pipeline };
	const fds = new FdTable(scope.limits.maxHandles);
	const rtasr = createTranscription(scope, fds);
	const open = (params: Readonly<Record<string, JsonValue>> = {}): number => {
		const fd = rtasr.create();
		for (const [key, value] of Object.entries(params)) rtasr.setParam(fd, { key, value });
		return fd;
	};
	return {
		scope: scripted,
		memory,
		rtasr,
		fds,
		channels,
		outcomes,
		calls,
		open,
		async connected(params = {}) {
			const fd = open({ transport: "websocket", ...params });
			const status = rtasr.connect(fd);
			await settled();
			const channel = channels.at(-1);
			if (status !== 0 || channel === undefined) throw new Error(`not connected: ${status}`);
			return { fd, channel };
		},
		events(fd) {
			const texts: string[] = [];
			for (let front = rtasr.read(fd); typeof front !== "number"; front = rtasr.read(fd)) {
				texts.push(new TextDecoder().decode(front.item));
				front.remove();
			}
			return texts;
		},
	};
}

/** A connection that fails. */
export function refusedConnection(message: string): () => Promise<never> {
	return () => Promise.reject(new SpearError("backend_error", message));
}
