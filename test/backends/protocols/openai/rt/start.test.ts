/** The start of a session against servers that leave out, repeat or delay the events of OpenAI's API. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answerEvents, type SessionBehaviour } from "../../../../helpers/realtime-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { against, all } from "./fixture.ts";

const QUICK = { options: { start_timeout_ms: 30 } };
const CREATED = { type: "session.created", session: { id: "s" } };
const UPDATED = { type: "session.updated", session: {} };
const UNCONFIRMED = {
	type: "warning",
	warning: {
		code: "backend_error",
		message: "the backend has not confirmed the session's configuration; its settings may have no effect",
		retryable: false,
		operation: "realtime_voice",
	},
};
const answered = (id: string) => [
	{ type: "response_started", response_started: id },
	{ type: "response_done", response_done: id },
];

/** Connects, sends a text, drains, and checks the guest's events and the types of the client's events. */
async function converses(behaviour: SessionBehaviour, expected: readonly object[], client: readonly string[]): Promise<void> {
	await against(
		behaviour,
		async (connect) => {
			const { channel, server } = await connect();
			const events = all(channel);
			await channel.send({ type: "send_text", text: "hi" });
			await channel.drain();
			await channel.close();
			assert.equal(await events, expected);
			assert.equal(
				(await server.peer(0)).received.map(({ type }) => type),
				client,
			);
		},
		QUICK,
	);
}

const answer: SessionBehaviour = async (peer) => {
	await peer.next("response.create");
	await peer.send(...answerEvents("r1", []));
};

test("a server that never sends session.created is configured all the same", () =>
	converses(
		async (peer) => {
			await peer.next("session.update");
			await peer.send(UPDATED);
			await answer(peer);
		},
		answered("r1"),
		["session.update", "conversation.item.create", "response.create"],
	));

test("a server that creates the session late is configured again", () =>
	converses(
		async (peer) => {
			await peer.next("session.update");
			await peer.send(CREATED);
			await peer.next("session.update");
			await peer.send(UPDATED);
			await answer(peer);
		},
		answered("r1"),
		["session.update", "session.update", "conversation.item.create", "response.create"],
	));

test("a server that creates the session twice is configured once", () =>
	converses(
		async (peer) => {
			await peer.send(CREATED, CREATED);
			await peer.next("session.update");
			await peer.send(UPDATED, CREATED);
			await answer(peer);
		},
		answered("r1"),
		["session.update", "conversation.item.create", "response.create"],
	));

test("a server that never confirms the configuration starts the session with a warning", () =>
	converses(
		async (peer) => {
			await peer.send(CREATED);
			await answer(peer);
		},
		[UNCONFIRMED, ...answered("r1")],
		["session.update", "conversation.item.create", "response.create"],
	));

test("a server that speaks before it creates the session is heard", () =>
	converses(
		async (peer) => {
			await peer.send({ type: "conversation.created" }, ...answerEvents("hello", []), CREATED);
			await peer.next("session.update");
			await peer.send(UPDATED);
			await answer(peer);
		},
		[...answered("hello"), ...answered("r1")],
		["session.update", "conversation.item.create", "response.create"],
	));

test("a server that speaks without end before it creates the session starts the session with a warning", () => {
	const long = { type: "conversation.created", padding: "x".repeat(1024) };
	return converses(
		async (peer) => {
			await peer.send(...Array.from({ length: 1024 }, () => long));
			await answer(peer);
		},
		[UNCONFIRMED, ...answered("r1")],
		["session.update", "conversation.item.create", "response.create"],
	);
});

test("a server that speaks without end in small events before it creates the session starts the session with a warning", () =>
	converses(
		async (peer) => {
			await peer.send(...Array.from({ length: 1024 }, () => ({ type: "x" })), CREATED);
			await peer.next("session.update");
			await peer.send(UPDATED);
			await answer(peer);
		},
		[UNCONFIRMED, ...answered("r1")],
		["session.update", "conversation.item.create", "response.create"],
	));

test("a blank message is a heartbeat", () =>
	converses(
		async (peer) => {
			await peer.send("", CREATED);
			await peer.next("session.update");
			await peer.send(" \n", UPDATED, "");
			await answer(peer);
		},
		answered("r1"),
		["session.update", "conversation.item.create", "response.create"],
	));

test("a server that sends nothing fails the connect with a timeout", () =>
	against(
		() => {},
		async (connect) => {
			const { code, message, retryable } = await failure(connect());
			assert.equal([code, retryable], ["timeout", true]);
			assert.is(message, "the backend accepted the connection and sent nothing within 60 ms");
		},
		QUICK,
	));

for (const [what, error] of [
	["a text", { type: "error", error: "no such model", code: "model_not_found" }],
	["its own message", { type: "error", message: "no such model" }],
] as const) {
	test(`an error event with ${what} fails the connect with the reason`, () =>
		against(
			async (peer) => {
				await peer.send(CREATED);
				await peer.next("session.update");
				await peer.send(error);
			},
			async (connect) => assert.match((await failure(connect())).message, /: no such model$/),
		));
}

test.run();
