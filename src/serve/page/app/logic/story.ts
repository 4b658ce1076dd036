import type { Decision, DecisionAttempt, DecisionEvent } from "../../../admin/api.ts";
import { formatMs } from "./format.ts";
import { outcomeOf } from "./timeline.ts";
import { ERROR_WORDS, EVENT_WORDS, inWords } from "./words.ts";

/** Sentence of a decision's story, with the time at which it happened. */
export interface Sentence {
	/** Milliseconds since the request reached the router. */
	readonly atMs: number;
	readonly text: string;
	readonly tone: "plain" | "good" | "bad" | "notice";
}

/** Returns a decision as a story: the selection, each attempt and event in the order of time, the differences, and the end. */
export function storyOf(decision: Decision): Sentence[] {
	const steps = [
		...decision.timeline.flatMap((attempt) => attemptSentences(attempt, decision)),
		...decision.events.map((event) => eventSentence(event)),
	].sort((a, b) => a.atMs - b.atMs || Number(b.tone === "good") - Number(a.tone === "good"));
	return [selection(decision), ...steps, ...differences(decision), end(decision)];
}

function selection({ candidates_checked, eligible, policy, operation, model }: Decision): Sentence {
	const request = model === undefined ? inWords(operation) : `${inWords(operation)} with ${model}`;
	const could =
		eligible.length === 0
			? "none could serve"
			: eligible.length === 1
				? `only ${eligible[0]} could serve`
				: `${eligible.length} could serve`;
	const policyWords = eligible.length > 1 ? ` The policy ${policy} chose among them.` : "";
	return {
		atMs: 0,
		tone: eligible.length === 0 ? "bad" : "plain",
		text: `Of ${counted(candidates_checked, "backend")}, ${could} ${request}.${policyWords}`,
	};
}

function attemptSentences(attempt: DecisionAttempt, decision: Decision): Sentence[] {
	const { backend, start_ms, latency_ms, first_output_ms, failure, detail } = attempt;
	const begun: Sentence = { atMs: start_ms, tone: attempt.role === "hedge" ? "notice" : "plain", text: beginning(attempt, decision) };
	const endMs = start_ms + latency_ms;
	if (failure === undefined) {
		const first =
			first_output_ms === undefined || first_output_ms === latency_ms ? "" : `, its first output after ${formatMs(first_output_ms)}`;
		return [begun, { atMs: endMs, tone: "good", text: `${backend} answered in ${formatMs(latency_ms)}${first}.` }];
	}
	if (outcomeOf(attempt) === "lost") {
		const reason = detail === undefined ? "" : `: ${detail}`;
		return [begun, { atMs: endMs, tone: "plain", text: `The attempt at ${backend} was cancelled after ${formatMs(latency_ms)}${reason}.` }];
	}
	const reason = detail === undefined ? "" : `: ${detail}`;
	return [
		begun,
		{ atMs: endMs, tone: "bad", text: `${backend} failed after ${formatMs(latency_ms)} with ${ERROR_WORDS[failure]}${reason}.` },
	];
}

function beginning({ backend, role, start_ms }: DecisionAttempt, { timeline }: Decision): string {
	switch (role) {
		case "first":
			return `The first attempt went to ${backend}.`;
		case "fallback":
			return `The request fell back to ${backend}.`;
		case "retry":
			return `The request was sent to ${backend} again.`;
		case "hedge": {
			const waiting = timeline.filter((each) => each.start_ms < start_ms && each.start_ms + each.latency_ms > start_ms);
			const names = waiting.map((each) => each.backend).join(" and ");
			return names === ""
				? `A hedge was sent to ${backend}.`
				: `${names} had no output after ${formatMs(start_ms - Math.max(...waiting.map((each) => each.start_ms)))}, so a hedge was sent to ${backend}.`;
		}
	}
}

const BAD_EVENTS: readonly DecisionEvent["type"][] = ["breaker_opened", "ejected", "key_rejected", "limited"];

function eventSentence({ at_ms, type, backend, detail }: DecisionEvent): Sentence {
	const about = backend === undefined ? "" : `${backend}: `;
	const words = EVENT_WORDS[type];
	const text = about === "" ? words.charAt(0).toUpperCase() + words.slice(1) : words;
	return {
		atMs: at_ms,
		tone: BAD_EVENTS.includes(type) ? "bad" : "plain",
		text: `${about}${text}${detail === undefined ? "" : ` (${detail})`}.`,
	};
}

function differences({ downgrades, duration_ms, backend = "the backend" }: Decision): Sentence[] {
	if (downgrades.length === 0) return [];
	const fields = downgrades.map(({ field, effect }) => `${field} was ${effect}`).join(", ");
	return [{ atMs: duration_ms, tone: "notice", text: `${backend} treated the request otherwise than asked: ${fields}.` }];
}

function end({ status, error, duration_ms }: Decision): Sentence {
	switch (status) {
		case "ok":
			return { atMs: duration_ms, tone: "good", text: `The request succeeded after ${formatMs(duration_ms)}.` };
		case "cancelled":
			return { atMs: duration_ms, tone: "plain", text: `The caller cancelled the request after ${formatMs(duration_ms)}.` };
		case "failed": {
			const reason = error === undefined ? "" : ` with ${ERROR_WORDS[error.code]}`;
			return { atMs: duration_ms, tone: "bad", text: `The request failed after ${formatMs(duration_ms)}${reason}.` };
		}
	}
}

function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
