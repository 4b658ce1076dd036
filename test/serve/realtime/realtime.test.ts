import { test } from "uvu";
import * as assert from "uvu/assert";
import { answerEvents, greet, type RealtimePeer } from "../../helpers/realtime-server.ts";
import { servedRealtime } from "./served-realtime.ts";

const AUDIO = Buffer.from("0102", "hex");
const SPOKEN = [
	{ transcript: "Hello ", audio: AUDIO },
	{ transcript: "there.", audio: AUDIO },
];
const manual = { type: "realtime", instructions: "Be brief.", audio: { input: { turn_detection: null } } } as const;

test("the SDK speaks with a model: configuration, audio, the answer's parts", () =>
	servedRealtime(
		[
			greet(async (peer) => {
				await peer.next("input_audio_buffer.append");
				await peer.next("input_audio_buffer.commit");
				await peer.send({ type: "input_audio_buffer.committed", item_id: "item_u" });
				await peer.next("response.create");
				await peer.send(...answerEvents("r1", SPOKEN));
			}),
		],
		async ({ sdk, upstream }) => {
			const client = sdk();
			const created = await client.next("session.created");
			assert.equal(Object(created.session).model, "gpt-realtime");
			client.rt.send({ type: "session.update", session: manual });
			const updated = await client.next("session.updated");
			assert.equal(Object(updated.session).instructions, "Be brief.");
			client.rt.send({ type: "input_audio_buffer.append", audio: AUDIO.toString("base64") });
			client.rt.send({ type: "input_audio_buffer.commit" });
			const committed = await client.next("input_audio_buffer.committed");
			const added = await client.next("conversation.item.added");
			assert.is(added.item.id, committed.item_id);
			client.rt.send({ type: "response.create" });
			await client.next("response.created");
			const item = await client.next("response.output_item.added");
			assert.is(item.response_id, "r1");
			await client.next("response.content_part.added");
			const words = await client.next("response.output_audio_transcript.delta");
			assert.equal([words.delta, words.item_id, words.output_index, words.content_index], ["Hello ", item.item.id, 0, 0]);
			const sound = await client.next("response.output_audio.delta");
			assert.is(sound.delta, AUDIO.toString("base64"));
			const transcript = await client.next("response.output_audio_transcript.done");
			assert.is(transcript.transcript, "Hello there.");
			await client.next("response.content_part.done");
			await client.next("response.output_item.done");
			const done = await client.next("response.done");
			assert.equal([done.response.id, done.response.status, done.response.output?.length], ["r1", "completed", 1]);
			const ids = client.events.map((event) => Object(event).event_id);
			assert.is(new Set(ids).size, ids.length);
			const peer = await upstream.peer(0);
			assert.is(peer.path, "/v1/realtime?model=gpt-realtime");
			client.rt.close();
			await client.closed;
			assert.equal((await peer.ended).code, 1000);
		},
	));

test("the configuration reaches the upstream as the client sent it", () => {
	const session = {
		type: "realtime",
		instructions: "Be brief.",
		audio: {
			input: {
				format: { type: "audio/pcmu" },
				turn_detection: { type: "server_vad", threshold: 0.4, prefix_padding_ms: 100, silence_duration_ms: 700 },
				transcription: { model: "gpt-4o-transcribe", language: "de" },
			},
			output: { format: { type: "audio/pcma" }, voice: "marin" },
		},
		tools: [{ type: "function", name: "look", description: "Looks.", parameters: { type: "object", properties: {} } }],
	} as const;
	const { promise: begun, resolve } = Promise.withResolvers<RealtimePeer>();
	const behaviour = greet(async (peer) => {
		await peer.next("input_audio_buffer.append");
		resolve(peer);
	});
	return servedRealtime([behaviour], async ({ sdk }) => {
		const client = sdk();
		client.rt.on("session.created", () => {
			client.rt.send({ type: "session.update", session: { ...session, tools: [...session.tools] } });
			client.rt.send({ type: "session.update", session: { type: "realtime", max_output_tokens: "inf", tool_choice: "auto" } });
			client.rt.send({ type: "input_audio_buffer.append", audio: AUDIO.toString("base64") });
		});
		assert.equal((await begun).received[0]?.session, session);
	});
});

test("turns that the upstream detects have the same item in every event", () =>
	servedRealtime(
		[
			greet(async (peer) => {
				await peer.next("input_audio_buffer.append");
				await peer.send(
					{ type: "input_audio_buffer.speech_started", audio_start_ms: 10, item_id: "u1" },
					{ type: "input_audio_buffer.speech_stopped", audio_end_ms: 900, item_id: "u1" },
					{ type: "input_audio_buffer.committed", item_id: "u1" },
					{ type: "conversation.item.input_audio_transcription.delta", item_id: "u1", content_index: 0, delta: "Hi" },
					{ type: "conversation.item.input_audio_transcription.completed", item_id: "u1", content_index: 0, transcript: "Hi." },
					...answerEvents("r1", SPOKEN),
				);
			}),
		],
		async ({ sdk }) => {
			const client = sdk();
			client.rt.on("session.created", () => {
				client.rt.send({
					type: "session.update",
					session: { type: "realtime", audio: { input: { transcription: { model: "gpt-4o-transcribe" } } } },
				});
				client.rt.send({ type: "input_audio_buffer.append", audio: AUDIO.toString("base64") });
			});
			const started = await client.next("input_audio_buffer.speech_started");
			const stopped = await client.next("input_audio_buffer.speech_stopped");
			const committed = await client.next("input_audio_buffer.committed");
			const added = await client.next("conversation.item.added");
			const delta = await client.next("conversation.item.input_audio_transcription.delta");
			const completed = await client.next("conversation.item.input_audio_transcription.completed");
			assert.equal([started.audio_start_ms, stopped.audio_end_ms, delta.delta, completed.transcript], [10, 900, "Hi", "Hi."]);
			const ids = [started.item_id, stopped.item_id, committed.item_id, added.item.id, delta.item_id, completed.item_id];
			assert.is(new Set(ids).size, 1);
			const answered = await client.next("conversation.item.added");
			assert.is(answered.previous_item_id, started.item_id);
			await client.next("response.done");
		},
	));

test("text and results of tools are answered when the client asks for a response", () =>
	servedRealtime(
		[
			greet(async (peer) => {
				const { item } = await peer.next("conversation.item.create");
				assert.equal(Object(item).content, [{ type: "input_text", text: "What time is it?" }]);
				await peer.next("response.create");
				const at = { response_id: "r1", item_id: "call_item", output_index: 0 };
				await peer.send(
					{ type: "response.created", response: { id: "r1" } },
					{
						type: "response.output_item.added",
						response_id: "r1",
						output_index: 0,
						item: { id: "call_item", type: "function_call", call_id: "c1", name: "clock" },
					},
					{ type: "response.function_call_arguments.done", ...at, call_id: "c1", name: "clock", arguments: "{}" },
					{
						type: "response.done",
						response: {
							id: "r1",
							status: "completed",
							output: [{ id: "call_item", type: "function_call", call_id: "c1", name: "clock", arguments: "{}" }],
						},
					},
				);
				const result = await peer.next("conversation.item.create");
				assert.equal(
					[Object(result.item).type, Object(result.item).call_id, Object(result.item).output],
					["function_call_output", "c1", "noon"],
				);
				await peer.next("response.create");
				await peer.send(...answerEvents("r2", SPOKEN));
			}),
		],
		async ({ sdk }) => {
			const client = sdk();
			client.rt.on("session.created", () => {
				const tool = { type: "function", name: "clock", parameters: { type: "object" } } as const;
				client.rt.send({ type: "session.update", session: { ...manual, tools: [tool] } });
				client.rt.send({
					type: "conversation.item.create",
					item: { type: "message", role: "user", content: [{ type: "input_text", text: "What time is it?" }] },
				});
				client.rt.send({ type: "response.create" });
			});
			const call = await client.next("response.function_call_arguments.done");
			assert.equal([call.call_id, call.name, call.arguments], ["c1", "clock", "{}"]);
			const done = await client.next("response.done");
			assert.equal(
				done.response.output?.map(({ type }) => type),
				["function_call"],
			);
			client.rt.send({ type: "conversation.item.create", item: { type: "function_call_output", call_id: "c1", output: "noon" } });
			client.rt.send({ type: "response.create" });
			const spoken = await client.next("response.output_audio_transcript.done");
			assert.is(spoken.transcript, "Hello there.");
		},
	));

test("a response is cancelled, and an item truncated", () => {
	const truncated = Promise.withResolvers<void>();
	return servedRealtime(
		[
			greet(async (peer) => {
				await peer.next("response.create");
				const [created, ...pieces] = answerEvents("r1", SPOKEN);
				const end = pieces.pop();
				if (created !== undefined) await peer.send(created, ...pieces);
				await peer.next("response.cancel");
				if (end !== undefined) await peer.send(end);
				const truncate = await peer.next("conversation.item.truncate");
				assert.equal([truncate.item_id, truncate.audio_end_ms], ["item_r1", 120]);
				truncated.resolve();
			}),
		],
		async ({ sdk }) => {
			const client = sdk();
			client.rt.on("session.created", () => {
				client.rt.send({ type: "session.update", session: manual });
				client.rt.send({
					type: "conversation.item.create",
					item: { type: "message", role: "user", content: [{ type: "input_text", text: "Go on." }] },
				});
				client.rt.send({ type: "response.create" });
			});
			await client.next("response.output_audio.delta");
			client.rt.send({ type: "response.cancel" });
			const done = await client.next("response.done");
			assert.is(done.response.status, "cancelled");
			client.rt.send({ type: "conversation.item.truncate", item_id: "item_r1", content_index: 0, audio_end_ms: 120 });
			await client.next("conversation.item.truncated");
			await truncated.promise;
		},
	);
});

test("a transcription has transcripts and no responses", () =>
	servedRealtime(
		[
			greet(async (peer) => {
				await peer.next("input_audio_buffer.commit");
				await peer.send(
					{ type: "input_audio_buffer.committed", item_id: "u1" },
					{ type: "conversation.item.input_audio_transcription.completed", item_id: "u1", content_index: 0, transcript: "Hi." },
				);
			}),
		],
		async ({ sdk, upstream }) => {
			const client = sdk({ intent: "transcription" });
			const created = await client.next("session.created");
			assert.is(created.session.type, "transcription");
			const audio = { input: { transcription: { model: "gpt-4o-transcribe", language: "en" }, turn_detection: null } };
			client.rt.send({ type: "session.update", session: { type: "transcription", audio } });
			client.rt.send({ type: "input_audio_buffer.append", audio: AUDIO.toString("base64") });
			client.rt.send({ type: "input_audio_buffer.commit" });
			const committed = await client.next("input_audio_buffer.committed");
			const completed = await client.next("conversation.item.input_audio_transcription.completed");
			assert.equal([completed.item_id, completed.transcript], [committed.item_id, "Hi."]);
			client.rt.send({ type: "response.create" });
			const refused = await client.next("error");
			assert.match(refused.error.message, /not for a transcription/);
			const peer = await upstream.peer(0);
			assert.is(peer.path, "/v1/realtime?intent=transcription");
		},
	));

for (const [name, event, param, message] of [
	["that is no JSON", "{", null, /cannot be read/],
	["that is no object", "[]", "", /must be an object/],
	["without a type", {}, "type", /required/],
	["of an unknown type", { type: "session.kill" }, "type", /not the type of an event/],
	["that the host has no call for", { type: "conversation.item.delete", item_id: "a" }, "type", /not supported/],
	["without audio", { type: "input_audio_buffer.append" }, "audio", /required/],
	["with audio that is no base64", { type: "input_audio_buffer.append", audio: "***" }, "audio", /base64/],
	[
		"of the beta protocol",
		{ type: "session.update", session: { input_audio_format: "pcm16" } },
		"session.input_audio_format",
		/session\.audio\.input\.format/,
	],
	[
		"with a tool of a server",
		{ type: "session.update", session: { tools: [{ type: "mcp", server_label: "x" }] } },
		"session.tools[0].type",
		/functions/,
	],
	["of text only", { type: "session.update", session: { output_modalities: ["text"] } }, "session.output_modalities", /spoken/],
	[
		"with an unknown member",
		{ type: "session.update", session: { audio: { input: { gain: 2 } } } },
		"session.audio.input.gain",
		/not supported/,
	],
	[
		"that changes the kind of the session",
		{ type: "session.update", session: { type: "transcription" } },
		"session.type",
		/intent=transcription/,
	],
	[
		"with an item of the assistant",
		{ type: "conversation.item.create", item: { type: "message", role: "assistant", content: [] } },
		"item.role",
		/user only/,
	],
	["with nothing to respond to", { type: "response.create" }, null, /nothing to respond to/],
	["with options of one response", { type: "response.create", response: { instructions: "x" } }, "response.instructions", /not supported/],
] as const) {
	test(`an event ${name} is refused by an error event, and the connection stays`, () =>
		servedRealtime([], async ({ socket, upstream }) => {
			const client = socket();
			await client.next("session.created");
			await client.send(typeof event === "string" ? event : { event_id: "mine", ...event });
			const { error } = await client.next("error");
			assert.equal([Object(error).type, Object(error).param], ["invalid_request_error", param]);
			assert.is(Object(error).event_id, typeof event === "string" ? null : "mine");
			assert.match(Object(error).message, message);
			await client.send({ type: "session.update", session: { instructions: "still here" } });
			await client.next("session.updated");
			assert.is(upstream.peers.length, 0);
		}));
}

test("the configuration cannot change after the first input", () =>
	servedRealtime([greet()], async ({ socket }) => {
		const client = socket();
		await client.send({ type: "input_audio_buffer.clear" });
		await client.next("input_audio_buffer.cleared");
		await client.send({ type: "session.update", session: { instructions: "late" } });
		const { error } = await client.next("error");
		assert.match(Object(error).message, /before the first input/);
		await client.send({ type: "session.update", session: { type: "realtime" } });
		await client.next("session.updated");
	}));

test("a member that no backend takes is refused when the session begins", () =>
	servedRealtime([], async ({ socket }) => {
		const client = socket();
		await client.send({ type: "session.update", session: { max_output_tokens: 5 } });
		await client.send({ type: "input_audio_buffer.clear" });
		const { error } = await client.next("error");
		assert.equal([Object(error).param, Object(error).code], ["session.max_output_tokens", "invalid_request"]);
		assert.match(await client.ended, /^1008 /);
	}));

test("an error of the upstream that ends nothing is an error event", () =>
	servedRealtime(
		[greet((peer) => peer.send({ type: "error", error: { type: "server_error", code: "oops", message: "a hiccup" } }))],
		async ({ socket }) => {
			const client = socket();
			await client.send({ type: "input_audio_buffer.clear" });
			const { error } = await client.next("error");
			assert.match(Object(error).message, /hiccup/);
			await client.send({ type: "input_audio_buffer.clear" });
			await client.next("input_audio_buffer.cleared");
		},
	));

test("the end of the upstream is an error event and closes the connection", () =>
	servedRealtime([greet((peer) => peer.cut())], async ({ socket }) => {
		const client = socket();
		await client.send({ type: "input_audio_buffer.clear" });
		const { error } = await client.next("error");
		assert.is(Object(error).type, "server_error");
		assert.match(await client.ended, /^1011 /);
	}));

test("an upstream that refuses the session closes the connection with the reason", () =>
	servedRealtime([{ handshake: { status: 403, body: { error: { message: "no access" } } } }], async ({ socket }) => {
		const client = socket();
		await client.send({ type: "input_audio_buffer.clear" });
		await client.next("error");
		assert.match(await client.ended, /^1[0-9]{3} /);
	}));

test("a client that leaves ends the session at the upstream, also while it connects", () =>
	servedRealtime([greet(), { handshake: "silence" }], async ({ socket, upstream }) => {
		const first = socket();
		await first.opened;
		await first.send({ type: "input_audio_buffer.clear" });
		const peer = await upstream.peer(0);
		await first.next("input_audio_buffer.cleared");
		first.close();
		await peer.ended;
		const second = socket();
		await second.opened;
		await second.send({ type: "input_audio_buffer.clear" });
		while (upstream.openSockets === 0) await new Promise(setImmediate);
		second.socket.close();
		await upstream.quiet();
	}));

test.run();
