import { exceedsMarks, parseJson } from "../../formats/json.ts";
import type { Agent, RunOptions } from "../../host/agent.ts";
import type { RunCaps } from "../../host/serving.ts";
import type { RunOutput } from "../../hostcall/emitted.ts";
import { HttpError } from "../http-error.ts";
import { MAX_VALUES } from "../max-values.ts";
import type { ServerEvent } from "./event-stream.ts";
import type { RunRequest } from "./run-request.ts";

/** Answer of a run, as the client receives it. */
export interface RunAnswer {
	/** The guest's text, or the JSON value of the text if the request asked for JSON. */
	readonly output: unknown;
	readonly run_id: string;
	/** CPU time of the guest, in milliseconds. 0 for a guest that is not metered. */
	readonly cpu_ms: number;
	readonly duration_ms: number;
}

export interface AgentRunOptions {
	readonly runId: string;
	/** Ends the run. */
	readonly signal: AbortSignal;
	readonly traceparent: string | undefined;
	/** Limits of the operator. A request may set lower ones. */
	readonly caps: RunCaps;
}

/** A run of an agent for a client. */
export class AgentRun {
	readonly #run: ReturnType<Agent["run"]>;
	readonly #request: RunRequest;
	readonly #runId: string;
	#used = { cpuMs: 0, durationMs: 0 };

	/** Resolves at the end of the run, with what it threw. */
	readonly ended: Promise<unknown>;

	/** Starts the run. */
	constructor(agent: Agent, request: RunRequest, { runId, signal, traceparent, caps }: AgentRunOptions) {
		this.#request = request;
		this.#runId = runId;
		const timeoutMs = lower(caps.timeoutMs, request.timeoutMs);
		const cpuMs = lower(caps.cpuMs, request.cpuMs);
		const options: RunOptions = {
			signal,
			runId,
			requestId: runId,
			onEvent: (event) => {
				if (event.type === "run-ended") this.#used = event;
			},
			...(timeoutMs === undefined ? {} : { timeoutMs }),
			...(cpuMs === undefined ? {} : { cpuMs }),
			...(traceparent === undefined ? {} : { traceparent }),
		};
		this.#run = agent.run(request.input, options);
		this.ended = this.#run.then(
			() => undefined,
			(thrown: unknown) => thrown,
		);
	}

	/**
	 * Waits for the end, and discards what the guest emits.
	 *
	 * @throws As `Agent.run`; HttpError 502 for a text that is no JSON or has too many values, if the request asked for JSON.
	 */
	async answer(): Promise<RunAnswer> {
		return this.#answered(await this.#run);
	}

	/** Returns what the guest emits as events, and the answer as the last one. Called right after the start, so that no output is discarded. */
	events(): AsyncGenerator<ServerEvent, void, void> {
		return this.#eventsOf(this.#run[Symbol.asyncIterator]());
	}

	async *#eventsOf(outputs: AsyncIterator<RunOutput, void, void>): AsyncGenerator<ServerEvent, void, void> {
		for (let step = await outputs.next(); step.done !== true; step = await outputs.next()) {
			const output = step.value;
			if (output.type === "text") yield { name: "text", data: { text: output.text } };
			else yield { name: "event", data: { name: output.name, data: output.data } };
		}
		yield { name: "completed", data: await this.answer() };
	}

	#answered(text: string): RunAnswer {
		const { cpuMs, durationMs } = this.#used;
		return {
			output: this.#request.outputFormat === "json" ? jsonOf(text) : text,
			run_id: this.#runId,
			cpu_ms: rounded(cpuMs),
			duration_ms: rounded(durationMs),
		};
	}
}

/** @throws HttpError 502 for a text that is no JSON, or has too many values. */
export function jsonOf(text: string): unknown {
	if (exceedsMarks(text, MAX_VALUES))
		throw new HttpError(502, "output_too_large", `the agent answered with more than ${MAX_VALUES} values; ask for "output_format": "text"`);
	try {
		return parseJson(text);
	} catch {
		throw new HttpError(502, "output_not_json", 'the agent answered with text that is not JSON; ask for it with "output_format": "text"');
	}
}

function lower(cap: number | undefined, wanted: number | undefined): number | undefined {
	if (cap === undefined || wanted === undefined) return wanted ?? cap;
	return Math.min(cap, wanted);
}

/** Returns milliseconds with three decimal places. */
function rounded(ms: number): number {
	return Math.round(ms * 1_000) / 1_000;
}
