import { setTimeout } from "node:timers/promises";
import { SpearError } from "../../../errors/spear-error.ts";
import type { ClientSession } from "../../../host/client.ts";
import type { HeardSpeech } from "./heard-speech.ts";
import { RealSpeed } from "./real-speed.ts";
import { BYTES_PER_S } from "./session-audio.ts";

/** Audio that is sent at once, in bytes: 100 ms. */
const SLICE_BYTES = BYTES_PER_S / 10;

/** Silence after the recording, in slices of 100 ms. A backend that detects turns needs silence to end the last one. */
const SILENT_SLICES = 10;

/** Longest time for the answers to what was heard before Ctrl-C, in milliseconds. */
const GRACE_MS = 5000;

/** The session's methods that this file uses. */
export type FedSession = Pick<ClientSession, "send" | "drain" | "close">;

/**
 * Sends audio to a session at the speed of speech, and ends the session in order. Once `signal` is aborted, the rest of the audio is left
 * out.
 *
 * @param heard The events of the session so far.
 * @throws The failure of the audio, or of the session.
 */
export async function feed(session: FedSession, audio: AsyncIterable<Uint8Array>, heard: HeardSpeech, signal: AbortSignal): Promise<void> {
	const speed = new RealSpeed(BYTES_PER_S, signal);
	try {
		for await (const chunk of audio) await sendSlices(session, chunk, speed, signal);
		// A backend that has reported no speech so far waits for a commit.
		if (heard.detectsTurns) await sendSlices(session, new Uint8Array(SILENT_SLICES * SLICE_BYTES), speed, signal);
	} catch (thrown) {
		if (!signal.aborted) throw thrown;
	}
	if (speed.seconds > 0 && heard.isTurnOpen) session.send({ type: "commit" });
	await Promise.race([session.drain(), graceAfter(signal)]);
	session.close();
}

async function sendSlices(session: FedSession, audio: Uint8Array, speed: RealSpeed, signal: AbortSignal): Promise<void> {
	for (let at = 0; at < audio.byteLength; at += SLICE_BYTES) {
		const slice = audio.subarray(at, at + SLICE_BYTES);
		await speed.pass(slice.byteLength);
		await send(session, slice, signal);
	}
}

/** Sends audio, again after a while if the queue of the session is full. */
async function send(session: FedSession, audio: Uint8Array, signal: AbortSignal): Promise<void> {
	for (;;) {
		try {
			session.send({ type: "append_audio", audio });
			return;
		} catch (thrown) {
			if (!(thrown instanceof SpearError) || thrown.code !== "rate_limited" || signal.aborted) throw thrown;
		}
		await setTimeout(100, undefined, { signal });
	}
}

function graceAfter(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const start = (): void => void globalThis.setTimeout(resolve, GRACE_MS).unref();
		if (signal.aborted) start();
		else signal.addEventListener("abort", start, { once: true });
	});
}
