import type * as tts from "../../generated/ir/tts.ts";
import type * as types from "../../generated/ir/types.ts";
import { SPEECH_TYPES } from "../backends/kit/speech/events.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { MockedOperation } from "./mocked-operation.ts";
import type { Drafts, MockRequest, Pieces, Plan } from "./plan.ts";
import type { ChatAnswer, Ending, MockToolCall, RealtimeAnswer, Reply, Timing, TranscriptAnswer } from "./replies.ts";

/** Makes the plan of a reply. */
type Planner<O extends MockedOperation> = (reply: Exclude<Reply<O>, SpearError>, request: MockRequest<O>) => Plan<O>;

const PLANNERS: { readonly [O in MockedOperation]: Planner<O> } = {
	chat_completions: planChat,
	speech_to_text: planTranscript,
	realtime_voice: planTurn,
	embeddings(reply, { payload }) {
		const answer = isList(reply) ? { vectors: reply } : reply;
		const vectors = answer.vectors.map((vector) => Float32Array.from(vector));
		const [first] = vectors;
		return plan("embeddings", answer, [], { model: modelOf(answer, payload), vectors, dimensions: first?.length ?? 0, ...usageOf(answer) });
	},
	image_generation(reply, { payload }) {
		const answer = reply instanceof Uint8Array ? { images: [{ bytes: reply }] } : reply;
		return plan("image_generation", answer, [], { images: answer.images, model: modelOf(answer, payload), ...usageOf(answer) });
	},
	text_to_speech(reply, { payload }) {
		const answer = reply instanceof Uint8Array ? { audio: reply } : reply;
		const pieces = answer.audio instanceof Uint8Array ? [answer.audio] : answer.audio;
		const mimeType = answer.mimeType ?? SPEECH_TYPES[payload.format ?? ("wav" satisfies tts.AudioFormat)];
		const rate = answer.sampleRate === undefined ? {} : { pcmRate: answer.sampleRate };
		return plan("text_to_speech", answer, pieces, { mimeType, ...rate, ...usageOf(answer) });
	},
};

/** Returns the plan of a reply. */
export function planned<O extends MockedOperation>(operation: O, reply: Reply<O>, request: MockRequest<O>): Plan<O> {
	if (reply instanceof SpearError) return { delayMs: 0, everyMs: 0, pieces: [], end: { failure: reply } };
	const planner: Planner<O> = PLANNERS[operation];
	return planner(reply as Exclude<Reply<O>, SpearError>, request);
}

function planChat(reply: string | ChatAnswer, { payload }: MockRequest<"chat_completions">): Plan<"chat_completions"> {
	const answer: ChatAnswer = typeof reply === "string" ? { text: reply } : reply;
	const { reasoning, toolCalls = [], json } = answer;
	const texts = json === undefined ? partsOf(answer.text) : [JSON.stringify(json)];
	const calls = toolCalls.map(toolCall);
	const text = texts.join("");
	const pieces: Pieces["chat_completions"][] = [
		...(reasoning === undefined ? [] : [{ type: "reasoning" as const, reasoning }]),
		...texts.map((part) => ({ type: "text" as const, text: part })),
		...calls.map((call, index) => ({ type: "tool_call" as const, tool_call: { index, ...call } })),
	];
	return plan("chat_completions", answer, pieces, {
		model: modelOf(answer, payload),
		message: {
			role: "assistant",
			content: [
				...(reasoning === undefined ? [] : [{ type: "reasoning" as const, reasoning: { text: reasoning } }]),
				...(text === "" ? [] : [{ type: "text" as const, text }]),
			],
			tool_calls: calls,
		},
		finish_reason: answer.finishReason ?? (calls.length > 0 ? "tool_calls" : "stop"),
		...usageOf(answer),
	});
}

function planTranscript(reply: string | TranscriptAnswer, _request: MockRequest<"speech_to_text">): Plan<"speech_to_text"> {
	const answer: TranscriptAnswer = typeof reply === "string" ? { text: reply } : reply;
	const { language, duration, segments = [], words = [] } = answer;
	const texts = partsOf(answer.text);
	const pieces: Pieces["speech_to_text"][] = [
		...texts.map((text) => ({ type: "text" as const, text })),
		...segments.map((segment) => ({ type: "segment" as const, segment })),
	];
	return plan("speech_to_text", answer, pieces, {
		text: texts.join(""),
		segments: [...segments],
		words: [...words],
		...(language === undefined ? {} : { language }),
		...(duration === undefined ? {} : { duration }),
		...usageOf(answer),
	});
}

function planTurn(reply: string | RealtimeAnswer, { index }: MockRequest<"realtime_voice">): Plan<"realtime_voice"> {
	const answer: RealtimeAnswer = typeof reply === "string" ? { text: reply } : reply;
	const { heard, toolCalls = [], failure } = answer;
	const id = `answer-${index + 1}`;
	const audio = answer.audio === undefined ? [] : answer.audio instanceof Uint8Array ? [answer.audio] : answer.audio;
	const item = { item_id: id };
	const pieces: Pieces["realtime_voice"][] = [
		...(heard === undefined
			? []
			: [{ type: "input_transcript_done" as const, input_transcript_done: { item_id: `heard-${index + 1}`, text: heard } }]),
		{ type: "response_started", response_started: id },
		...partsOf(answer.text).map((text) => ({ type: "text" as const, text: { ...item, text } })),
		...partsOf(answer.transcript).map((text) => ({ type: "output_transcript" as const, output_transcript: { ...item, text } })),
		...audio.map((bytes) => ({ type: "audio" as const, audio: { ...item, audio: bytes } })),
		...toolCalls.map(toolCall).map((call) => ({ type: "tool_call" as const, tool_call: call })),
		...(failure === undefined ? [{ type: "response_done" as const, response_done: id }] : []),
	];
	return plan("realtime_voice", answer, pieces, undefined);
}

function plan<O extends MockedOperation>(
	_operation: O,
	{ delayMs = 0, everyMs = 0, failure }: Timing & Pick<Ending, "failure">,
	pieces: readonly Pieces[O][],
	draft: Drafts[O],
): Plan<O> {
	return { delayMs, everyMs, pieces, end: failure === undefined ? { draft } : { failure } };
}

function toolCall({ id, name, arguments: args = {} }: MockToolCall, index: number): { id: string; name: string; arguments: string } {
	return { id: id ?? `call-${index + 1}`, name, arguments: typeof args === "string" ? args : JSON.stringify(args) };
}

function partsOf(text: string | readonly string[] | undefined): readonly string[] {
	return text === undefined ? [] : typeof text === "string" ? (text === "" ? [] : [text]) : text;
}

function modelOf({ model }: Ending, payload: { readonly model?: string }): string {
	return model ?? payload.model ?? "mock";
}

function usageOf({ usage }: Ending): { readonly usage?: types.Usage } {
	return usage === undefined ? {} : { usage };
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
	return Array.isArray(value);
}
