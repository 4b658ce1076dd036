/** Realtime sessions of the kind `local` in a host: the real threads over stand-ins for library and synthesizer, and the chat backend `stub`. */
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { localKind } from "../../../../../src/backends/kinds/local/index.ts";
import { speechEngines } from "../../../../../src/backends/protocols/local/asr/engines.ts";
import type { ModelFiles } from "../../../../../src/backends/protocols/local/model-files.ts";
import type { LocalContext } from "../../../../../src/backends/protocols/local/operation.ts";
import type { PackagePaths } from "../../../../../src/backends/protocols/local/package-paths.ts";
import { localRealtime } from "../../../../../src/backends/protocols/local/rt/backend.ts";
import { Synthesizer } from "../../../../../src/backends/protocols/local/tts/synthesizer.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { pcm16Of } from "../../../../../src/formats/pcm16.ts";
import { type ClientSession, type Config, createHost, type Host } from "../../../../../src/index.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { contextOf } from "../../../context.ts";
import { envelopeOf } from "../../../envelope.ts";
import { LIBRARY, sound } from "../asr/stand-in.ts";
import { NO_FILES, served, standInFiles } from "../models.ts";

const test = suite("realtime sessions of the kind local");
const hosts: Host[] = [];
const speech = await standInFiles();

const FILES: ModelFiles = {
	filesOf: async (name) =>
		name === "flite"
			? speech.filesOf(name)
			: new Map(
					["silero_vad.onnx", "encoder_model.onnx", "decoder_model_merged.onnx", "tokens.txt"].map((file) => [file, `/models/${file}`]),
				),
};

const HERE = { routing: { backend: "here", allowlist: [], denylist: [], preferred: [] } };

test.after.each(async () => {
	await Promise.all(hosts.splice(0).map((host) => host.close()));
});

interface Opened {
	readonly host: Host;
	connect(request: Partial<rt.Request> & Pick<rt.Request, "mode">): Promise<ClientSession>;
}

async function open({
	files = FILES,
	pathOf = () => LIBRARY,
	limits,
	chat = true,
}: Partial<PackagePaths> & {
	readonly files?: ModelFiles;
	readonly chat?: boolean;
	readonly limits?: Config["limits"];
} = {}): Promise<Opened> {
	const host = await createHost({
		config: {
			host: { log_level: "silent" },
			...(limits === undefined ? {} : { limits }),
			backends: { here: { kind: "here" }, ...(chat ? { chat: { kind: "stub" } } : {}) },
		},
		kinds: [{ ...localKind(() => files, { pathOf }), name: "here" }],
	});
	hosts.push(host);
	const client = host.client({});
	return { host, connect: (request) => client.connect({ tools: [], ...request }, HERE) };
}

/** Sends sound of 24 kHz in which each letter is a second. */
function say(session: ClientSession, seconds: string): void {
	session.send({ type: "append_audio", audio: pcm16Of(sound(seconds, 24_000)) });
}

interface Seen {
	/** Resolves once an event of a type has arrived. */
	until(type: rt.Event["type"]): Promise<void>;
	/** All events but audio. */
	readonly all: Promise<string[]>;
}

/** Reads the events of a session. */
function events(session: ClientSession): Seen {
	const types = new Set<rt.Event["type"]>();
	const seen: string[] = [];
	let wake = Promise.withResolvers<void>();
	const all = (async () => {
		for await (const event of session) {
			if (event.type === "completed") seen.push("completed");
			else if (event.type === "failed") seen.push(`failed ${event.failed.message}`);
			else if (event.type !== "audio") seen.push(`${event.type} ${JSON.stringify(Object.values(event)[1])}`);
			types.add(event.type);
			wake.resolve();
			wake = Promise.withResolvers();
		}
		return seen;
	})();
	return {
		all,
		async until(type) {
			while (!types.has(type)) await wake.promise;
		},
	};
}

test("a transcription has its turns, and its times are those of the input", async () => {
	const { connect } = await open();
	const session = await connect({ mode: "transcription" });
	const seen = events(session);
	say(session, ".s.");
	await seen.until("input_transcript_done");
	say(session, "s.");
	await session.drain();
	session.close();
	const finals = (await seen.all).filter((event) => !event.startsWith("input_transcript {"));
	assert.equal(finals, [
		"speech_started 704",
		"speech_stopped 2016",
		'input_transcript_done {"item_id":"input-1","text":"1504 ms."}',
		"speech_started 2688",
		"speech_stopped 4000",
		'input_transcript_done {"item_id":"input-2","text":"1504 ms."}',
		"completed",
	]);
});

test("a conversation is answered by a chat backend of the host, and spoken", async () => {
	const { connect } = await open();
	const session = await connect({ mode: "conversation", transcription_model: "moonshine-tiny" });
	let audio = 0;
	const seen: string[] = [];
	const reading = (async () => {
		for await (const event of session) {
			if (event.type === "audio") audio += event.audio.audio.length;
			else if (event.type !== "completed" && event.type !== "input_transcript")
				seen.push(`${event.type} ${JSON.stringify(Object.values(event)[1])}`);
		}
	})();
	say(session, "s.");
	await session.drain();
	session.close();
	await reading;
	assert.equal(seen.slice(2), [
		'input_transcript_done {"item_id":"input-1","text":"1216 ms."}',
		'response_started "response-1"',
		'output_transcript {"item_id":"answer-1","text":"stub: you said 1216 ms."}',
		'response_done "response-1"',
	]);
	// The stand-in speaks a character for 8 ms.
	assert.is(audio, "stub: you said 1216 ms.".length * 8 * 48);
});

test("a conversation without a chat backend has a warning in place of each answer", async () => {
	const { connect } = await open({ chat: false });
	const session = await connect({ mode: "conversation" });
	const seen = events(session);
	session.send({ type: "send_text", text: "hello" });
	await session.drain();
	session.close();
	const [started, warned, done] = await seen.all;
	assert.equal([started, done], ['response_started "response-1"', 'response_done "response-1"']);
	assert.match(warned ?? "", '"no_candidate_backend","message":"no backend can serve chat_completions');
});

test("ten sessions hear and speak at once", async () => {
	const { connect } = await open({ limits: { max_realtime_sessions: 16 } });
	const all = await Promise.all(
		Array.from({ length: 10 }, async () => {
			const session = await connect({ mode: "conversation", transcription_model: "moonshine-tiny" });
			const seen = events(session);
			say(session, "s.s.");
			await session.drain();
			session.close();
			return (await seen.all).filter((event) => event.startsWith("input_transcript_done")).length;
		}),
	);
	assert.equal(
		all,
		Array.from({ length: 10 }, () => 2),
	);
});

test("one guest leaves sessions to others, sessions beyond the bound are refused, and an ended one makes room", async () => {
	const instance = localKind(() => FILES, { pathOf: () => LIBRARY }).create({ name: "here", kind: "local", models: [], options: {} });
	const backend = served(instance.operations.realtime_voice);
	const connect = (guest?: string) =>
		backend.connect(envelopeOf("realtime_voice", { mode: "transcription", tools: [] }), contextOf({ guest }));
	try {
		const [first] = await Promise.all(Array.from({ length: 16 }, () => connect("one")));
		const refused = await failure(connect("one"));
		assert.match(refused.message, "a guest may have no more open sessions than it leaves free, and 16 of 32 are open");
		assert.equal([refused.code, refused.attribution, refused.retryAfterMs], ["rate_limited", "request", 1000]);
		await Promise.all(Array.from({ length: 16 }, (_, index) => connect(`${index}`)));
		assert.match((await failure(connect("i"))).message, "32 open sessions, the most that it serves");
		await first?.close();
		await connect("i");
	} finally {
		await instance.close();
	}
});

test("a turn whose recognition ends the thread twice is lost with a warning, and the session goes on", async () => {
	const { connect } = await open();
	const session = await connect({ mode: "transcription" });
	const seen = events(session);
	say(session, "C.s.");
	await session.drain();
	session.close();
	const kinds = (await seen.all).map((event) => event.split(" ")[0]).filter((kind) => kind !== "input_transcript");
	assert.equal(
		kinds.filter((kind) => kind === "warning" || kind === "input_transcript_done"),
		["warning", "input_transcript_done"],
	);
});

test("a missing model or package refuses the connection with the remedy", async () => {
	const noModels = await open({ files: NO_FILES });
	assert.match(
		(await failure(noModels.connect({ mode: "transcription" }))).message,
		"the model moonshine-tiny is not on this machine; run the command",
	);
	const noVoice = await open({ files: { filesOf: (name) => (name === "flite" ? NO_FILES : FILES).filesOf(name) } });
	assert.match(
		(await failure(noVoice.connect({ mode: "conversation" }))).message,
		"the model flite is not on this machine; run the command",
	);
	const noPackages = await open({ pathOf: () => undefined });
	assert.match((await failure(noPackages.connect({ mode: "transcription" }))).message, "npm install sherpa-onnx");
});

test("a request for what the models cannot do is refused, and names the field", async () => {
	const { connect } = await open();
	for (const [request, message] of [
		[{ mode: "conversation", voice: "marin" }, 'voice: this backend has no voice "marin"; it has slt, rms, awb, kal16'],
		[
			{ mode: "conversation", transcription_model: "whisper" },
			'transcription_model: this backend has no model "whisper" here; it has moonshine-tiny, local-voice',
		],
		[{ mode: "conversation", language: "de" }, "language"],
		[{ mode: "transcription", turn_detection: { type: "semantic_vad", semantic_vad: "auto" } }, "semantic_vad"],
	] satisfies [Partial<rt.Request> & Pick<rt.Request, "mode">, string][]) {
		const { message: shown, explanation } = await failure(connect(request));
		assert.ok(`${shown} ${JSON.stringify(explanation)}`.includes(message), `${shown} ${JSON.stringify(explanation)}`);
	}
});

test("an open session keeps its threads, and they end once no session needs them", async () => {
	const context: LocalContext = {
		config: { name: "here", kind: "local", models: [], options: {} },
		options: { modelsDir: undefined, engine: "auto", threads: 1, idleMs: 20, maxPending: 0 },
		files: FILES,
		register: () => {},
	};
	const engines = speechEngines(context, { pathOf: () => LIBRARY });
	const { backend, close } = localRealtime(context, engines, new Synthesizer(context));
	const loaded = (): readonly boolean[] => [engines.segmenter.isLoaded, engines.recognizer.isLoaded];
	try {
		const channel = await backend.connect(envelopeOf("realtime_voice", { mode: "transcription", tools: [] }), contextOf());
		await new Promise((resolve) => setTimeout(resolve, 80));
		assert.equal(loaded(), [true, true]);
		await channel.send({ type: "append_audio", audio: pcm16Of(sound("s.", 24_000)) });
		const seen: string[] = [];
		for await (const event of channel.events) {
			seen.push(event.type);
			if (event.type === "input_transcript_done") break;
		}
		assert.is(seen.at(-1), "input_transcript_done");
		while (loaded().includes(true)) await new Promise((resolve) => setTimeout(resolve, 5));
	} finally {
		await close(new SpearError("cancelled", "the test has ended"));
	}
});

test("the end of a host ends its sessions and leaves no thread", async () => {
	const { connect, host } = await open();
	const session = await connect({ mode: "conversation" });
	const seen = events(session);
	session.send({ type: "send_text", text: "a long text. ".repeat(50) });
	say(session, "L");
	await host.close();
	assert.match((await seen.all).at(-1) ?? "", "failed");
	assert.is(process.getActiveResourcesInfo().includes("MessagePort"), false);
});

test.run();
