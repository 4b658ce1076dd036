import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type * as asr from "../../../../../generated/ir/asr.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { OperationCapabilities } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import type { LocalContext, LocalOperation } from "../operation.ts";
import { operationQueue } from "../operation-queue.ts";
import { checkModel } from "../served-model.ts";
import { RECOGNIZER_MODEL, type SpeechEngines } from "./engines.ts";
import { transcriptRequest } from "./request.ts";
import { TRANSCRIPT_RULES } from "./rules.ts";
import { type SegmenterCaller, SegmenterSession } from "./segmenter.ts";
import type { CuttingRules, SpeechEvent } from "./speech-cutter.ts";

export const TRANSCRIPT_CAPABILITIES: OperationCapabilities<"speech_to_text"> = {
	...capabilitiesOf("speech_to_text", ["unary", "server_stream"], TRANSCRIPT_RULES),
	models: [RECOGNIZER_MODEL],
};

/** Rules for recordings. A longer segment has more context, but takes longer before the next request has its turn. */
const RULES: CuttingRules = { minSpeechMs: 64, silenceMs: 500, prefixMs: 300, maxSegmentMs: 15_000 };

/**
 * `speech_to_text` by a recognizer in a thread. Another thread decodes the recording and finds the segments of speech in it. Each segment is a
 * task of the recognizer, so concurrent requests have their turns.
 */
export function localTranscripts({ config, options }: LocalContext, engines: SpeechEngines): LocalOperation<"speech_to_text"> {
	const closing = new AbortController();
	const queue = operationQueue(options);

	async function* stream(envelope: RequestEnvelope<"speech_to_text">, context: BackendContext): AsyncGenerator<asr.Event, void, void> {
		const signal = AbortSignal.any([context.signal, closing.signal]);
		if (signal.aborted) throw abortError(signal);
		checkModel(config, "speech_to_text", envelope.payload.model, RECOGNIZER_MODEL);
		const { audio, hasSegments } = transcriptRequest(envelope);
		const caller = { signal, guest: context.guest };
		const leave = await queue.enter(signal, context.guest);
		try {
			const recording = await context.media.open(audio, signal);
			const session = await SegmenterSession.open(engines.segmenter, { form: "wav", rules: RULES, isRecording: true }, caller);
			try {
				yield* transcribe(session, recording.stream(), hasSegments, caller);
			} finally {
				session.close();
			}
		} finally {
			leave();
		}
	}

	async function* transcribe(
		session: SegmenterSession,
		recording: AsyncIterable<Uint8Array>,
		hasSegments: boolean,
		caller: SegmenterCaller,
	): AsyncGenerator<asr.Event, void, void> {
		const texts: string[] = [];
		const segments: asr.Segment[] = [];
		for await (const event of eventsOf(session, recording)) {
			if (event.type !== "segment") continue;
			const text = await engines.recognizer.run({ samples: event.samples }, caller);
			if (text === "") continue;
			yield { type: "text", text: texts.length === 0 ? text : ` ${text}` };
			texts.push(text);
			if (!hasSegments) continue;
			// The last window ends behind the recording.
			const segment = { start: event.startMs / 1000, end: Math.min(event.endMs / 1000, session.seconds), text };
			segments.push(segment);
			yield { type: "segment", segment };
		}
		const duration = session.seconds;
		yield { type: "completed", completed: { text: texts.join(" "), language: "en", duration, segments, words: [] } };
	}

	return {
		backend: {
			async unary(envelope, context) {
				for await (const event of stream(envelope, context)) if (event.type === "completed") return event.completed;
				throw new SpearError("internal", "the recognizer returned no transcript");
			},
			stream,
		},
		check: () => engines.check(),
		async close(reason) {
			closing.abort(reason);
			await engines.close(reason);
		},
	};
}

/** Yields the events of the speech in a recording. */
async function* eventsOf(session: SegmenterSession, recording: AsyncIterable<Uint8Array>): AsyncGenerator<SpeechEvent, void, void> {
	for await (const chunk of recording) yield* session.add(chunk);
	yield* session.end();
}
