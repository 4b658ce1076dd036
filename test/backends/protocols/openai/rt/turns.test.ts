import { test } from "uvu";
import * as assert from "uvu/assert";
import { answerEvents, greet, type WireEvent } from "../../../../helpers/realtime-server.ts";
import { against, all } from "./fixture.ts";

test("each input becomes client events of the protocol", async () => {
	await against(
		greet(async (peer) => {
			await peer.next("input_audio_buffer.commit");
			await peer.send({ type: "input_audio_buffer.committed", item_id: "u1", previous_item_id: null });
			await peer.next("response.create");
			await peer.send(...answerEvents("r1", []));
			await peer.next("response.create");
			await peer.send({ type: "response.created", response: { id: "r2" } });
		}),
		async (connect) => {
			const { channel, server } = await connect();
			const events = channel.events[Symbol.asyncIterator]();
			await channel.send({ type: "append_audio", audio: new Uint8Array([1, 2, 3, 4]) });
			await channel.send({ type: "clear" });
			await channel.send({ type: "append_audio", audio: new Uint8Array([5, 6]).subarray(1) });
			await channel.send({ type: "commit" });
			for (const type of ["response_started", "response_done"]) assert.is((await events.next()).value?.type, type);
			await channel.send({ type: "send_text", text: "hi" });
			assert.is((await events.next()).value?.type, "response_started");
			await channel.send({ type: "truncate", item_id: "item_r2", audio_end_ms: 1500 });
			await channel.close();
			assert.equal((await server.peer(0)).received.slice(1), [
				{ type: "input_audio_buffer.append", audio: "AQIDBA==" },
				{ type: "input_audio_buffer.clear" },
				{ type: "input_audio_buffer.append", audio: "Bg==" },
				{ type: "input_audio_buffer.commit", event_id: "spear_1" },
				{ type: "response.create", event_id: "spear_2" },
				{
					type: "conversation.item.create",
					event_id: "spear_3",
					item: { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
				},
				{ type: "response.create", event_id: "spear_4" },
				{ type: "response.cancel" },
				{ type: "conversation.item.truncate", event_id: "spear_5", item_id: "item_r2", content_index: 0, audio_end_ms: 1500 },
			]);
		},
	);
});

test("a commit in a transcription requests no response, and drain waits for the transcript", async () => {
	await against(
		greet(async (peer) => {
			await peer.next("input_audio_buffer.commit");
			const at = { item_id: "u1", content_index: 0 };
			await peer.send(
				{ type: "input_audio_buffer.committed", item_id: "u1", previous_item_id: null },
				{ type: "conversation.item.input_audio_transcription.delta", ...at, delta: "good " },
				{ type: "conversation.item.input_audio_transcription.delta", ...at },
				{ type: "conversation.item.input_audio_transcription.delta", ...at, delta: "day" },
				{
					type: "conversation.item.input_audio_transcription.completed",
					...at,
					transcript: "good day",
					usage: { type: "tokens", input_tokens: 5, output_tokens: 2, total_tokens: 7 },
				},
			);
		}),
		async (connect) => {
			const { channel, server } = await connect({ mode: "transcription", model: "scribe" });
			const events = all(channel);
			await channel.send({ type: "commit" });
			await channel.drain();
			await channel.close();
			assert.equal(await events, [
				{ type: "input_transcript", input_transcript: { item_id: "u1", text: "good " } },
				{ type: "input_transcript", input_transcript: { item_id: "u1", text: "day" } },
				{ type: "input_transcript_done", input_transcript_done: { item_id: "u1", text: "good day" } },
			]);
			assert.equal(
				(await server.peer(0)).received.map(({ type }) => type),
				["session.update", "input_audio_buffer.commit"],
			);
			assert.equal(channel.report(), { usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 } });
		},
	);
});

test("responses are requested one after another, after the results of all tool calls", async () => {
	const call = (id: string): WireEvent => ({
		type: "response.output_item.done",
		item: { type: "function_call", status: "completed", call_id: id, name: "add", arguments: "{}" },
	});
	const goOn = Promise.withResolvers<void>();
	await against(
		greet(async (peer) => {
			await peer.next("response.create");
			await peer.send({ type: "response.created", response: { id: "r1" } }, call("c1"), call("c2"));
			await peer.next("conversation.item.create");
			await peer.next("conversation.item.create");
			await goOn.promise;
			await peer.send({ type: "response.done", response: { id: "r1", status: "completed" } });
			await peer.next("response.create");
			await peer.send(...answerEvents("r2", []));
		}),
		async (connect) => {
			const { channel, server } = await connect();
			await channel.send({ type: "send_text", text: "1 + 2?" });
			const events = channel.events[Symbol.asyncIterator]();
			for (const type of ["response_started", "tool_call", "tool_call"]) assert.is((await events.next()).value?.type, type);
			await channel.send({ type: "send_tool_result", call_id: "c1", output: "3" });
			await channel.send({ type: "send_tool_result", call_id: "c2", output: "4" });
			goOn.resolve();
			for (const type of ["response_done", "response_started", "response_done"]) assert.is((await events.next()).value?.type, type);
			await channel.drain();
			assert.equal(
				(await server.peer(0)).received.slice(1).map(({ type, item }) => (type === "conversation.item.create" ? item : type)),
				[
					{ type: "message", role: "user", content: [{ type: "input_text", text: "1 + 2?" }] },
					"response.create",
					{ type: "function_call_output", call_id: "c1", output: "3" },
					{ type: "function_call_output", call_id: "c2", output: "4" },
					"response.create",
				],
			);
		},
	);
});

test("a response that is refused as busy is requested again without a warning", async () => {
	await against(
		greet(async (peer) => {
			const { event_id } = await peer.next("response.create");
			await peer.send(
				{
					type: "error",
					error: { type: "invalid_request_error", code: "conversation_already_has_active_response", message: "busy", event_id },
				},
				...answerEvents("auto", []),
			);
			await peer.next("response.create");
			await peer.send(...answerEvents("mine", []));
			peer.close();
		}),
		async (connect) => {
			const { channel } = await connect();
			await channel.send({ type: "send_text", text: "hello" });
			assert.equal(await all(channel), [
				{ type: "response_started", response_started: "auto" },
				{ type: "response_done", response_done: "auto" },
				{ type: "response_started", response_started: "mine" },
				{ type: "response_done", response_done: "mine" },
			]);
		},
	);
});

test("cancel ends the current response, and sends nothing without one", async () => {
	await against(
		greet(async (peer) => {
			await peer.next("response.create");
			await peer.send({ type: "response.created", response: { id: "r1" } });
			await peer.next("response.cancel");
			await peer.send({ type: "response.done", response: { id: "r1", status: "cancelled" } });
		}),
		async (connect) => {
			const { channel, server } = await connect();
			const events = all(channel);
			await channel.send({ type: "cancel" });
			await channel.send({ type: "send_text", text: "go" });
			await channel.send({ type: "cancel" });
			await channel.drain();
			await channel.close();
			assert.equal(
				(await events).map(({ type }) => type),
				["response_started", "response_done"],
			);
			assert.equal(
				(await server.peer(0)).received.slice(1).map(({ type }) => type),
				["conversation.item.create", "response.create", "response.cancel"],
			);
		},
	);
});

test.run();
