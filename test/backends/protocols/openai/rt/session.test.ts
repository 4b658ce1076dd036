import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as rt from "../../../../../generated/ir/rt.ts";
import { BackendConfigError } from "../../../../../src/backends/backend.ts";
import { openaiRealtime } from "../../../../../src/backends/kinds/openai-realtime/index.ts";
import { cancelledError } from "../../../../../src/errors/spear-error.ts";
import { greet, type SessionBehaviour, type WireEvent } from "../../../../helpers/realtime-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { against, all, configured } from "./fixture.ts";

test("a conversation with every setting becomes the server's configuration", async () => {
	const parameters = { type: "object", properties: { city: { type: "string" } } };
	const seen = await configured(
		{
			instructions: "Be brief.",
			voice: "marin",
			input_format: "g711_ulaw",
			output_format: "g711_alaw",
			turn_detection: { type: "server_vad", server_vad: { threshold: 0.4, prefix_padding_ms: 200, silence_duration_ms: 700 } },
			transcription_model: "scribe",
			language: "de",
			tools: [{ name: "weather", description: "Tells the weather.", parameters }],
			send_queue: { max_bytes: 2048, overflow: "fail" },
		},
		{ max_output_tokens: 100 },
		{ options: { allow_provider_options: ["max_output_tokens"] } },
	);
	assert.equal(seen, [
		"/v1/realtime?model=gpt-realtime",
		{
			type: "session.update",
			session: {
				type: "realtime",
				max_output_tokens: 100,
				instructions: "Be brief.",
				audio: {
					input: {
						format: { type: "audio/pcmu" },
						turn_detection: { type: "server_vad", threshold: 0.4, prefix_padding_ms: 200, silence_duration_ms: 700 },
						transcription: { model: "gpt-4o-transcribe", language: "de" },
					},
					output: { format: { type: "audio/pcma" }, voice: "marin" },
				},
				tools: [{ type: "function", name: "weather", description: "Tells the weather.", parameters }],
			},
		},
	]);
});

test("a minimal conversation and each turn detection become the server's configuration", async () => {
	const pcm = { format: { type: "audio/pcm", rate: 24_000 } };
	for (const [turn_detection, expected] of [
		[undefined, {}],
		[{ type: "manual" }, { turn_detection: null }],
		[{ type: "semantic_vad", semantic_vad: "low" }, { turn_detection: { type: "semantic_vad", eagerness: "low" } }],
	] as const) {
		const [, update] = await configured(turn_detection === undefined ? {} : { turn_detection });
		assert.equal(update, { type: "session.update", session: { type: "realtime", audio: { input: { ...pcm, ...expected }, output: pcm } } });
	}
});

test("the language of a tag becomes the server's configuration, without script and region", async () => {
	const [, update] = await configured({ transcription_model: "scribe", language: "pt-BR" });
	const pcm = { format: { type: "audio/pcm", rate: 24_000 } };
	const transcription = { model: "gpt-4o-transcribe", language: "pt" };
	assert.equal(update, { type: "session.update", session: { type: "realtime", audio: { input: { ...pcm, transcription }, output: pcm } } });
});

test("a transcription names its model in the session, not in the URL", async () => {
	assert.equal(await configured({ mode: "transcription", model: "scribe", language: "en", turn_detection: { type: "manual" } }), [
		"/v1/realtime?intent=transcription",
		{
			type: "session.update",
			session: {
				type: "transcription",
				audio: {
					input: {
						format: { type: "audio/pcm", rate: 24_000 },
						turn_detection: null,
						transcription: { model: "gpt-4o-transcribe", language: "en" },
					},
				},
			},
		},
	]);
});

test("an unsupported setting is refused before a connection is opened", async () => {
	await against(greet(), async (connect, server) => {
		const message = async (payload: Partial<rt.Request>, extra?: object): Promise<string> =>
			(await failure(connect(payload, extra))).message;
		assert.is(
			await message({ language: "de" }),
			"language: this backend uses it only to transcribe input; name a transcription_model too, or leave it out",
		);
		assert.is(await message({ model: "other" }), 'model: backend "up" does not serve "other"; it serves gpt-realtime, scribe');
		assert.is(await message({}, { tools: [] }), "provider_options.tools: it cannot be set this way; use the request's own members");
		assert.is(
			await message({}, { speed: 1 }),
			"provider_options.speed: this backend does not accept it; its operator can allow it with allow_provider_options",
		);
		assert.is(server.peers.length, 0);
	});
});

test("a session that does not start correctly fails to connect", async () => {
	const refused: WireEvent = {
		type: "error",
		error: { type: "invalid_request_error", code: "invalid_value", message: "no such voice", param: "session.audio.output.voice" },
	};
	const cases: [SessionBehaviour, string][] = [
		[
			async (peer) => {
				await peer.send({ type: "session.created", session: {} });
				await peer.next("session.update");
				await peer.send(refused);
			},
			"the backend finds the request invalid: no such voice (session.audio.output.voice)",
		],
		[(peer) => peer.close(), "the backend ended the session before it started"],
		[(peer) => peer.send("hello"), "the backend's answer is malformed: an event is not JSON"],
	];
	for (const [behaviour, message] of cases) {
		await against(behaviour, async (connect) => {
			assert.is((await failure(connect())).message, message);
		});
	}
});

test("an abort ends the handshake and an open session", async () => {
	await against(
		() => {},
		async (connect, server, abort) => {
			const connecting = failure(connect());
			const peer = await server.peer(0);
			abort.abort(cancelledError("given up"));
			assert.equal([(await connecting).code, (await peer.ended).code], ["cancelled", undefined]);
		},
	);
	await against(greet(), async (connect, server, abort) => {
		const { channel } = await connect();
		const reading = failure(all(channel));
		abort.abort(cancelledError("given up"));
		assert.equal([(await reading).code, (await (await server.peer(0)).ended).code], ["cancelled", undefined]);
	});
});

test("a server of the beta starts its sessions with other event names", async () => {
	await against(
		async (peer) => {
			await peer.send({ type: "transcription_session.created", session: {} });
			await peer.next("session.update");
			await peer.send({ type: "transcription_session.updated", session: {} });
			peer.close();
		},
		async (connect) => {
			assert.equal(await all((await connect({ mode: "transcription", model: "scribe" })).channel), []);
		},
	);
});

test("an instance without base_url is refused", () => {
	const create = (): unknown => openaiRealtime.create({ name: "up", kind: "openai-realtime", models: [], options: { speed: 1 } });
	assert.throws(
		create,
		(error: unknown) => error instanceof BackendConfigError && error.message.startsWith("backends.up.base_url is missing"),
	);
});

test.run();
