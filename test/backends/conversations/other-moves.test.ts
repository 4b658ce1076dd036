/**
 * Conversations that a vendor may be unable to take over: with audio, with a file, or with tool calls in the history of a request without
 * tools. Each kind does what its table of rules says.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { type FixedRule, ruleFor } from "../../../src/backends/rules.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { chatEnvelope, parts, say } from "../chat-envelope.ts";
import { contextOf } from "../context.ts";
import type { Connection, Vendor } from "./vendor.ts";
import type { ModelTurn, Said } from "./wire.ts";
import { VENDORS } from "./wires.ts";

const BYTES = Buffer.from("%PDF-1.4 or RIFF: no kind reads the bytes");
const source = (mime_type: string) => ({ type: "inline", inline: { data: BYTES, mime_type } }) as const;

const MEDIA = {
	audio: { type: "audio", audio: { source: source("audio/wav"), format: "wav" } },
	file: { type: "file", file: { source: source("application/pdf"), filename: "report.pdf" } },
} satisfies Record<string, cchat.ContentPart>;

const WEATHER: cchat.Tool = { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } };

/** Returns the rule of a vendor for a part of a type. */
function mediaRule({ backend }: Connection, type: keyof typeof MEDIA): FixedRule {
	const rules = backend.capabilities.chat_completions?.rules;
	assert.ok(rules);
	const payload = chatEnvelope().payload;
	return type === "audio"
		? ruleFor(rules["messages.content.audio"], MEDIA.audio.audio, payload)
		: ruleFor(rules["messages.content.file"], MEDIA.file.file, payload);
}

/** Sends a conversation, and appends the answer to it. */
async function send(connection: Connection, messages: cchat.Message[], turn: ModelTurn, tools: cchat.Tool[] = []): Promise<Said[]> {
	const chat = connection.backend.operations.chat_completions;
	if (chat === undefined) throw new Error("the kind serves no chat");
	connection.play(turn, messages.length);
	const { message } = await chat.unary(chatEnvelope({ messages, tools }), contextOf({ apiKey: "sk-test" }));
	messages.push(message);
	return connection.said();
}

/** Opens both sides of a move, and closes them after the work. */
async function between(from: Vendor, to: Vendor, work: (first: Connection, second: Connection) => Promise<void>): Promise<void> {
	const first = await from.connect("first");
	const second = await to.connect("second");
	try {
		await work(first, second);
	} finally {
		await first.close();
		await second.close();
	}
}

/** A kind that takes all media, for the first turns. */
const FIRST = VENDORS.find(({ name }) => name === "gemini");

let refusals = 0;
let moves = 0;

for (const to of VENDORS) {
	for (const type of ["audio", "file"] as const) {
		test(`a conversation with ${type} moves to ${to.name} or is refused, as the rules say`, async () => {
			assert.ok(FIRST);
			await between(FIRST, to, async (first, second) => {
				const messages = [parts("user", { type: "text", text: "What is it?" }, MEDIA[type])];
				assert.equal(await send(first, messages, { text: "A test." }), [
					{ type: "user", text: "What is it?" },
					{ type, base64: BYTES.toString("base64") },
				]);
				messages.push(say("user", "Sure?"));
				const rule = mediaRule(second, type);
				if (rule.treatment === "reject") {
					refusals++;
					const thrown = await send(second, messages, { text: "Yes." }).catch((error: unknown) => error);
					assert.instance(thrown, SpearError);
					const { code, message } = SpearError.from(thrown);
					assert.is(code, "missing_capabilities");
					assert.match(message, /^messages(?:\[0\]\.content\[1\]|\.content\.(?:audio|file)): this backend /);
					assert.ok(message.includes(type), `the message names the part: ${message}`);
					assert.throws(() => second.said(), "no request arrived");
					return;
				}
				moves++;
				assert.equal(await send(second, messages, { text: "Yes." }), [
					{ type: "user", text: "What is it?" },
					{ type, base64: BYTES.toString("base64") },
					{ type: "assistant", text: "A test." },
					{ type: "user", text: "Sure?" },
				]);
			});
		});
	}
}

test("some kinds take audio and files, and some refuse them", () => {
	assert.ok(moves > 0 && refusals > 0, `${moves} moves, ${refusals} refusals`);
});

for (const to of VENDORS) {
	test(`calls in the history of a request without tools reach ${to.name}, as the rules say`, async () => {
		assert.ok(FIRST);
		await between(FIRST, to, async (first, second) => {
			const messages = [say("user", "Is it warm?")];
			await send(first, messages, { calls: [{ city: "Oslo" }] }, [WEATHER]);
			const [call] = messages[1]?.tool_calls ?? [];
			assert.ok(call);
			messages.push(say("tool", "20 degrees", { tool_call_id: call.id }));
			const { payload } = chatEnvelope({ messages });
			const rules = second.backend.capabilities.chat_completions?.rules;
			assert.ok(rules);
			const { treatment } = ruleFor(rules["messages.tool_calls"], [call], payload);
			const said = await send(second, messages, { text: "Yes." });
			if (treatment === "emulate") {
				assert.equal(said, [
					{ type: "user", text: "Is it warm?" },
					{ type: "assistant", text: '[I called the tool weather with {"city":"Oslo"}]' },
					{ type: "user", text: "[Result of the tool weather]" },
					{ type: "user", text: "20 degrees" },
				]);
				return;
			}
			assert.ok(treatment === "pass" || treatment === "map", treatment);
			const [, sent, result] = said;
			assert.ok(sent?.type === "call" && result?.type === "result");
			assert.equal([sent.name, sent.city, result.text], ["weather", "Oslo", "20 degrees"]);
			assert.is(result.id, sent.id);
			if (to.callId !== "by position") assert.match(sent.id, to.callId);
			assert.is(said.length, 3);
		});
	});
}

test.run();
