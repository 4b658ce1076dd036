import type { HostEvent } from "../telemetry/host-event.ts";
import { explainDecision } from "./explain-decision.ts";
import { explainToolCall } from "./explain-tool-call.ts";
import { printToStderr } from "./terminal.ts";
import { createTranscript } from "./transcript.ts";

/** Options of commands that run a guest and show what the run does. */
export interface RunEventsCommand {
	readonly explain?: boolean;
	readonly transcript?: boolean;
	readonly json?: boolean;
	readonly streamJson?: boolean;
}

/** The events of one run, as its command prints them. */
export interface RunEvents {
	readonly onEvent: (event: HostEvent) => void;
	/** Returns the members of the JSON object: the CPU time of a run that has started, and with `--explain` its decisions and calls of tools. */
	members(): object;
}

/** Prints decisions, calls of tools and the transcript of a run to standard error, as the options ask. */
export function createRunEvents({ explain, transcript, json, streamJson }: RunEventsCommand): RunEvents {
	const isJson = json === true || streamJson === true;
	const decisions: object[] = [];
	const toolCalls: object[] = [];
	let used: { readonly cpu_ms?: number } = {};
	const print = transcript ? createTranscript(printToStderr) : undefined;
	const explains = !isJson && print === undefined;
	return {
		onEvent(event) {
			print?.(event);
			if (event.type === "run-ended") used = { cpu_ms: Math.round(event.cpuMs * 1_000) / 1_000 };
			if (!explain) return;
			if (event.type === "tool-call") {
				const { type: _, ...call } = event;
				toolCalls.push(call);
				if (explains) printToStderr(`${explainToolCall(event)}\n`);
			}
			if (event.type === "decision") {
				const { requestId, explanation, error } = event;
				decisions.push({ requestId, explanation, ...(error === undefined ? {} : { error }) });
				if (explains) printToStderr(`${explainDecision(explanation, error)}\n`);
			}
		},
		members: () => ({ ...used, ...(explain ? { decisions, ...(toolCalls.length > 0 ? { toolCalls } : {}) } : {}) }),
	};
}
