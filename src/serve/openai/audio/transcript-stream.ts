import type * as asr from "../../../../generated/ir/asr.ts";
import { spearMember } from "../spear-member.ts";
import { diarizedSegment, usageMember } from "./transcript-response.ts";

/** An event of a streamed transcript. */
export type TranscriptStreamEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * Makes the events of one streamed transcript.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event
 */
export class TranscriptStream {
	readonly #diarized: boolean;
	#segments = 0;

	/** @param diarized True for a transcript with speakers. Only such a stream has events of segments. */
	constructor(diarized: boolean) {
		this.#diarized = diarized;
	}

	/** Returns the events of the API for an event of the host. */
	eventsOf(event: asr.Event): TranscriptStreamEvent[] {
		switch (event.type) {
			case "text":
				return [{ type: "transcript.text.delta", delta: event.text }];
			case "segment": {
				if (!this.#diarized) return [];
				this.#segments += 1;
				return [{ ...diarizedSegment(event.segment, this.#segments - 1), type: "transcript.text.segment" }];
			}
			case "completed":
				return [
					{
						type: "transcript.text.done",
						text: event.completed.text,
						...usageMember(event.completed),
						...spearMember(event.completed),
					},
				];
			case "failed":
				return [];
		}
	}
}
