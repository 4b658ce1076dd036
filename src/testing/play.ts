import type { BackendContext } from "../../generated/backends/backend.ts";
import type * as asr from "../../generated/ir/asr.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type * as img from "../../generated/ir/img.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { pause } from "../async/pause.ts";
import { completedSpeech, speechEvents } from "../backends/kit/speech/events.ts";
import type { Clock } from "../time/clock.ts";
import type { MockedOperation } from "./mocked-operation.ts";
import type { Drafts, Pieces, Plan } from "./plan.ts";

/** Yields the pieces of a plan at their times. Returns the draft at the end. Throws the failure of the plan. */
export async function* played<O extends MockedOperation>(
	{ delayMs, everyMs, pieces, end }: Plan<O>,
	clock: Clock,
	signal: AbortSignal,
): AsyncGenerator<Pieces[O], Drafts[O], void> {
	await pause(clock, delayMs, signal);
	let isFirst = true;
	for (const piece of pieces) {
		if (!isFirst) await pause(clock, everyMs, signal);
		isFirst = false;
		yield piece;
	}
	if ("failure" in end) throw end.failure;
	return end.draft;
}

/** Plays a plan to its end. Returns the draft. Throws the failure of the plan. */
export async function playedWhole<O extends MockedOperation>(plan: Plan<O>, clock: Clock, signal: AbortSignal): Promise<Drafts[O]> {
	const pieces = played(plan, clock, signal);
	for (;;) {
		const step = await pieces.next();
		if (step.done === true) return step.value;
	}
}

/** Yields the events of a chat. */
export async function* chatEvents(
	plan: Plan<"chat_completions">,
	clock: Clock,
	{ signal }: BackendContext,
): AsyncGenerator<cchat.Event, void, void> {
	yield { type: "completed", completed: yield* played(plan, clock, signal) };
}

/** Yields the events of a transcript. */
export async function* transcriptEvents(
	plan: Plan<"speech_to_text">,
	clock: Clock,
	{ signal }: BackendContext,
): AsyncGenerator<asr.Event, void, void> {
	yield { type: "completed", completed: yield* played(plan, clock, signal) };
}

/** Yields the events of speech, and stores the recording. */
export async function* speech(plan: Plan<"text_to_speech">, clock: Clock, context: BackendContext): AsyncGenerator<tts.Event, void, void> {
	let draft: Drafts["text_to_speech"] = { mimeType: "" };
	async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
		draft = yield* played(plan, clock, context.signal);
	}
	const { end } = plan;
	const { mimeType, pcmRate } = "draft" in end ? end.draft : { mimeType: "audio/wav", pcmRate: undefined };
	yield* speechEvents({ chunks: chunks(), mimeType, pcmRate, usage: () => draft.usage }, context);
}

/** Returns the recording of {@link speech}. */
export function wholeSpeech(plan: Plan<"text_to_speech">, clock: Clock, context: BackendContext): Promise<tts.Response> {
	return completedSpeech(speech(plan, clock, context));
}

/** Stores the images of a plan. */
export async function images(plan: Plan<"image_generation">, clock: Clock, { media, signal }: BackendContext): Promise<img.Response> {
	const draft = await playedWhole(plan, clock, signal);
	const stored: img.Image[] = [];
	for (const { bytes, mimeType, size, revisedPrompt } of draft.images) {
		const { reference, mimeType: found } = await media.store(once(bytes), mimeType, signal);
		stored.push({
			media: reference,
			mime_type: found,
			...(size === undefined ? {} : { size }),
			...(revisedPrompt === undefined ? {} : { revised_prompt: revisedPrompt }),
		});
	}
	return { model: draft.model, images: stored, ...(draft.usage === undefined ? {} : { usage: draft.usage }) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield bytes;
}
