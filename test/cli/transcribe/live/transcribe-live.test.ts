/** `spear transcribe --live` as a user sees it, at a scripted realtime server. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { wavHeader } from "../../../../src/formats/wav-header.ts";
import { scratch } from "../../../helpers/guest.ts";
import { greet, type RealtimePeer, RealtimeServer, type SessionBehaviour } from "../../../helpers/realtime-server.ts";
import { spear, spearHere } from "../../../helpers/spear.ts";

const test = suite("spear transcribe --live");

/** Returns a WAV file of silence. */
function silence(seconds: number, rate = 16_000): Buffer {
	return Buffer.concat([wavHeader(seconds * rate * 2, rate), Buffer.alloc(seconds * rate * 2)]);
}

async function recording(bytes: Uint8Array): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "live-")), "a.wav");
	await writeFile(path, bytes);
	return path;
}

/** Runs a test with a backend whose sessions play the script. */
async function against(script: SessionBehaviour, run: (config: string, server: RealtimeServer) => Promise<void>): Promise<void> {
	const server = await RealtimeServer.start(greet(script));
	const config = join(await mkdtemp(join(scratch(), "live-")), "spear.toml");
	const backend = `[backends.ears]\nkind = "openai-realtime"\nbase_url = "${server.baseUrl}"\nmodels = ["gpt-4o-transcribe"]\n`;
	await writeFile(config, `[host]\nlog_level = "silent"\n[router]\nmax_attempts = 1\n${backend}`);
	try {
		await run(config, server);
		assert.equal(server.faults, []);
	} finally {
		await server.close();
	}
}

const part = (item_id: string, delta: string) => ({ type: "conversation.item.input_audio_transcription.delta", item_id, delta });
const whole = (item_id: string, transcript: string) => ({
	type: "conversation.item.input_audio_transcription.completed",
	item_id,
	transcript,
});
const started = (ms: number) => ({ type: "input_audio_buffer.speech_started", audio_start_ms: ms, item_id: "i1" });
const stopped = (ms: number) => ({ type: "input_audio_buffer.speech_stopped", audio_end_ms: ms, item_id: "i1" });
const committed = (item_id: string) => ({ type: "input_audio_buffer.committed", item_id });

/** Returns the bytes of audio that a session received. */
function audioBytes(peer: RealtimePeer | undefined): number {
	const appended = peer?.received.filter(({ type }) => type === "input_audio_buffer.append") ?? [];
	return appended.reduce((sum, { audio }) => sum + Buffer.from(String(audio), "base64").length, 0);
}

/** Answers a commit with the transcript of one item. */
const transcribesCommits: SessionBehaviour = async (peer) => {
	await peer.next("input_audio_buffer.commit");
	await peer.send(committed("i1"), part("i1", "good "), whole("i1", "Good day."));
};

test("a recording of any rate is sent as audio of 24 kHz, committed, and its text printed", () =>
	against(transcribesCommits, async (config, server) => {
		const path = await recording(silence(0.25, 8000));
		const before = performance.now();
		const { code, stdout, stderr } = await spearHere(["transcribe", path, "--live", "-c", config, "--language", "en"]);
		assert.equal([code, stdout, stderr], [0, "Good day.\n", ""]);
		assert.ok(performance.now() - before >= 250, "it takes as long as the recording");
		assert.is(audioBytes(server.peers[0]), 12_000);
		assert.match(JSON.stringify(server.peers[0]?.received[0]), '"type":"transcription"');
	}));

test("speech is reported while it is heard, and silence follows so that the last turn ends by itself", () => {
	const script: SessionBehaviour = async (peer) => {
		await peer.next("input_audio_buffer.append");
		await peer.send(started(20));
		// The silence after the recording.
		while (audioBytes(peer) < 0.2 * 48_000 + 24_000) await peer.next("input_audio_buffer.append");
		await peer.send(stopped(180), committed("i1"), part("i1", "good "), whole("i1", "Good day."));
	};
	return against(script, async (config, server) => {
		const { code, stdout, stderr } = await spearHere(["transcribe", await recording(silence(0.2)), "--live", "-c", config]);
		assert.equal([code, stdout, stderr], [0, "Good day.\n", "speech from 0.0 s\nspeech until 0.2 s\n"]);
		assert.is(audioBytes(server.peers[0]), 1.2 * 48_000);
		assert.not(server.peers[0]?.received.some(({ type }) => type === "input_audio_buffer.commit"));
	});
});

test("`--json` prints one object with turns and speech", () =>
	against(transcribesCommits, async (config) => {
		const { code, stdout, stderr } = await spearHere(["transcribe", await recording(silence(0.1)), "--live", "-c", config, "--json"]);
		const { durationMs, ...rest } = JSON.parse(stdout);
		assert.type(durationMs, "number");
		const heard = { text: "Good day.", turns: [{ text: "Good day." }], speech: [] };
		assert.equal([code, stderr, rest], [0, "", { ok: true, ...heard, interrupted: false, backend: "ears", downgrades: [] }]);
	}));

test("Ctrl-C ends the session in order, with what was heard", () =>
	against(transcribesCommits, async (config, server) => {
		const path = await recording(silence(60));
		const { code, stdout, stderr } = await spear(["transcribe", path, "--live", "-c", config], {
			onStart: (child) => {
				void server.peer(0).then(async (peer) => {
					while (audioBytes(peer) === 0) await new Promise(setImmediate);
					child.kill("SIGINT");
				});
			},
		});
		assert.equal([code, stdout, stderr], [130, "Good day.\n", "spear: interrupted; this is what was heard\n"]);
		assert.is((await server.peers[0]?.ended)?.code, 1000);
	}));

test("a session that the backend ends first is a failure, and what was heard is printed", () => {
	const script: SessionBehaviour = async (peer) => {
		await peer.next("input_audio_buffer.append");
		await peer.send(committed("i1"), whole("i1", "Good day."));
		peer.cut();
	};
	return against(script, async (config) => {
		const { code, stdout, stderr } = await spearHere(["transcribe", await recording(silence(20)), "--live", "-c", config]);
		assert.equal([code, stdout], [1, "Good day.\n"]);
		assert.match(stderr, /^spear: backend_error: /);
	});
});

test("a recording that is not WAV, and options that a session lacks, are refused before a session is opened", () =>
	against(transcribesCommits, async (config, server) => {
		const refused = async (bytes: Uint8Array, ...options: string[]): Promise<unknown> => {
			const { code, stderr } = await spearHere(["transcribe", await recording(bytes), "--live", "-c", config, ...options]);
			return [code, stderr.replace(/\S+a\.wav/, "a.wav")];
		};
		assert.equal(await refused(Buffer.from("fLaC and more bytes")), [
			2,
			"spear: a.wav: it is FLAC; --live reads WAV; convert the recording first, e.g. ffmpeg -i recording.flac recording.wav\n",
		]);
		assert.equal(await refused(new Uint8Array(0)), [2, "spear: a.wav: it is empty; --live reads WAV files\n"]);
		assert.equal(await refused(silence(1), "--prompt", "Hello"), [
			2,
			"spear: --prompt has no meaning for a session; omit the option, or --live\n",
		]);
		assert.equal(server.peers, []);
	}));

test("a host without a realtime backend says so", async () => {
	const config = join(await mkdtemp(join(scratch(), "live-")), "spear.toml");
	await writeFile(config, '[backends.deaf]\nkind = "stub"\noperations = ["chat_completions"]\n');
	const { code, stderr } = await spearHere(["transcribe", await recording(silence(1)), "--live", "-c", config]);
	assert.is(code, 1);
	assert.match(stderr, "spear: no_candidate_backend: no backend can serve realtime_voice");
});

test.run();
