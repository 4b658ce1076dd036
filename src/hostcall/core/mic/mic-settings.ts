import { EINVAL } from "../../../../generated/hostcall/core/errno.ts";
import type { ActiveConfig, Config } from "../../../../generated/hostcall/core/mic.ts";

/** Length of a frame that counts as 0, in milliseconds. */
const DEFAULT_FRAME_MS = 20;

/** Largest frame, in bytes: 2.7 seconds of stereo sound at 24 kHz. */
const MAX_FRAME_BYTES = 262_144;

/** Size of the frames that may wait by default, in bytes. */
export const DEFAULT_QUEUE_BYTES = 524_288;
const MAX_QUEUE_BYTES = 8_388_608;

/** Largest sound of the artificial source, in bytes. */
const MAX_SOUND_BYTES = 10_485_760;

/** Settings of a microphone, all within bounds. */
export interface MicSettings {
	readonly config: ActiveConfig;
	/** Size of a frame, in bytes. */
	readonly frameBytes: number;
	/** Size of the frames that may wait, in bytes. One frame may wait in any case. */
	readonly maxQueueBytes: number;
	/** True for the device, and false for the artificial source. */
	readonly usesDevice: boolean;
	/** True if the artificial source replaces a missing device. */
	readonly hasFallback: boolean;
	/** Sound of the artificial source. Empty for silence. */
	readonly sound: Uint8Array;
}

/** Applies the defaults. Returns `einval` for sound that is not base64 or too large, and for frames that are empty or too large. */
export function micSettings(given: Config): MicSettings | typeof EINVAL {
	const { sample_rate_hz = 24_000, channels = 1, format = "pcm16", source = "device", max_queue_bytes = DEFAULT_QUEUE_BYTES } = given;
	const frame_ms = given.frame_ms === undefined || given.frame_ms === 0 ? DEFAULT_FRAME_MS : given.frame_ms;
	const frameBytes = Math.floor((sample_rate_hz * frame_ms) / 1000) * channels * 2;
	const sound = soundOfBase64(given.stub_pcm16_base64 ?? "");
	if (sound === undefined || frameBytes < 1 || frameBytes > MAX_FRAME_BYTES) return EINVAL;
	return {
		config: { sample_rate_hz, channels, frame_ms, format },
		frameBytes,
		maxQueueBytes: Math.min(max_queue_bytes, MAX_QUEUE_BYTES),
		usesDevice: source === "device",
		hasFallback: given.fallback?.to_stub !== false,
		sound,
	};
}

/** Returns the bytes of a text in base64, or `undefined` for any other text and for too many bytes. */
function soundOfBase64(text: string): Uint8Array | undefined {
	if (text.length > Math.ceil(MAX_SOUND_BYTES / 3) * 4 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	const bytes = Buffer.from(text, "base64");
	return bytes.byteLength > MAX_SOUND_BYTES ? undefined : bytes;
}
