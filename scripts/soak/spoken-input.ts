import { setTimeout as sleep } from "node:timers/promises";
import type * as rt from "../../generated/ir/rt.ts";
import { audioMs, OutputEncoder } from "../../src/backends/protocols/local/rt/output-encoder.ts";
import { type ClientSession, type HostClient, SpearError } from "../../src/index.ts";

/** Audio of one piece of input, in milliseconds. */
const PIECE_MS = 40;

/** Routing to an instance. */
export const routedTo = (backend: string) => ({ routing: { backend, allowlist: [], denylist: [], preferred: [] } });

/** Returns the speech of a text as input of a session, followed by silence. */
export async function spoken(
	client: HostClient,
	backend: string,
	text: string,
	voice: string,
	silenceMs: number,
	format: rt.AudioFormat = "pcm16",
): Promise<Uint8Array> {
	const request = { input: { type: "text", text }, voice, format: "pcm" } as const;
	const parts: Uint8Array[] = [];
	for await (const event of client.stream("text_to_speech", request, routedTo(backend)))
		if (event.type === "audio") parts.push(event.audio);
	const bytes = Buffer.concat(parts);
	const samples = new Float32Array(bytes.length / 2 + 16 * silenceMs);
	for (let index = 0; index < bytes.length / 2; index++) samples[index] = bytes.readInt16LE(2 * index) / 0x8000;
	const encoder = new OutputEncoder(format);
	return Buffer.concat([encoder.add(samples), encoder.end()]);
}

/** Sends a piece of audio once the session has room for it. */
async function append(session: ClientSession, audio: Uint8Array): Promise<void> {
	for (;;) {
		try {
			session.send({ type: "append_audio", audio });
			return;
		} catch (thrown) {
			if (!(thrown instanceof SpearError) || thrown.code !== "rate_limited") throw thrown;
			await sleep(PIECE_MS);
		}
	}
}

/** Sends audio to a session at `speed` times the real speed. */
export async function sendAtSpeed(
	session: ClientSession,
	audio: Uint8Array,
	speed: number,
	format: rt.AudioFormat = "pcm16",
): Promise<void> {
	const size = format === "pcm16" ? 48 * PIECE_MS : 8 * PIECE_MS;
	let dueAt = performance.now();
	for (let at = 0; at < audio.length; at += size) {
		const piece = audio.subarray(at, at + size);
		await append(session, piece);
		// A process that was held up does not send all that is due at once.
		dueAt = Math.max(dueAt + audioMs(format, piece.length) / speed, performance.now() - 1000);
		await sleep(Math.max(0, dueAt - performance.now()));
	}
}
