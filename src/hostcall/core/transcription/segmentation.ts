import { EINVAL } from "../../../../generated/hostcall/core/errno.ts";
import type { Autoflush, ClientCommit, Segmentation, Vad } from "../../../../generated/hostcall/core/transcription.ts";
import type * as rt from "../../../../generated/ir/rt.ts";

/** Silence that ends an utterance, in milliseconds. */
const SILENCE_MS = 500;
/** Shortest time between two ends of utterances, in milliseconds. */
const MIN_GAP_MS = 500;
const THRESHOLD = 0.5;
const PREFIX_MS = 300;

/** Segmentation of a new session. */
export const DEFAULT_SEGMENTATION: Segmentation = {
	strategy: "server_vad",
	flush_on_close: false,
	vad: { silence_ms: SILENCE_MS, threshold: THRESHOLD, prefix_padding_ms: PREFIX_MS },
};

/** Returns the segmentation that a guest asks for, with all defaults. Returns `einval` for an unknown strategy. */
export function segmentationOf(asked: Autoflush): Segmentation | typeof EINVAL {
	const flush_on_close = asked.flush_on_close ?? false;
	switch (asked.strategy) {
		case undefined:
			return { ...olderForm(asked), flush_on_close };
		case "manual":
		case "off":
			return { strategy: "manual", flush_on_close };
		case "server_vad":
			return { strategy: "server_vad", flush_on_close, vad: { ...asked.vad, silence_ms: asked.vad?.silence_ms ?? SILENCE_MS } };
		case "client_commit":
			return { strategy: "client_commit", flush_on_close, client_commit: withGap(asked.client_commit ?? {}) };
		default:
			return EINVAL;
	}
}

function olderForm(asked: Autoflush): Omit<Segmentation, "flush_on_close"> {
	const { enabled = false, mode, silence_ms, flush_interval_ms, max_buffer_bytes, min_flush_gap_ms } = asked;
	if (!enabled || mode === "off") return { strategy: "manual" };
	if (mode !== "silence") {
		return { strategy: "client_commit", client_commit: withGap({ flush_interval_ms, max_buffer_bytes, silence_ms, min_flush_gap_ms }) };
	}
	const vad: Vad = { silence_ms: silence_ms ?? flush_interval_ms ?? SILENCE_MS, threshold: THRESHOLD, prefix_padding_ms: PREFIX_MS };
	return { strategy: "server_vad", vad };
}

function withGap(asked: ClientCommit): ClientCommit {
	return { ...asked, min_flush_gap_ms: asked.min_flush_gap_ms ?? MIN_GAP_MS };
}

/** Returns the detection of turns that a session asks its upstream for. */
export function turnDetectionOf({ vad }: Segmentation): rt.TurnDetection {
	if (vad === undefined) return { type: "manual" };
	return {
		type: "server_vad",
		server_vad: {
			threshold: vad.threshold ?? THRESHOLD,
			prefix_padding_ms: vad.prefix_padding_ms ?? PREFIX_MS,
			silence_duration_ms: vad.silence_ms ?? SILENCE_MS,
		},
	};
}
