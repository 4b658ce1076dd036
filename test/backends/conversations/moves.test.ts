/**
 * A conversation with a system prompt, an image, reasoning and parallel tool calls. It begins at one vendor, goes on at another and
 * returns, for each pair of vendors.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { failure } from "../../transport/http/fixture.ts";
import { chatEnvelope, say } from "../chat-envelope.ts";
import { contextOf } from "../context.ts";
import type { Connection, Vendor } from "./vendor.ts";
import type { ModelTurn, Said } from "./wire.ts";
import { VENDORS } from "./wires.ts";

/** One side of a conversation: a vendor, its instance, and the number of answers so far. */
class Side {
	readonly vendor: Vendor;
	readonly #connection: Connection;
	#turns = 0;

	private constructor(vendor: Vendor, connection: Connection) {
		this.vendor = vendor;
		this.#connection = connection;
	}

	static async open(vendor: Vendor, name: string): Promise<Side> {
		return new Side(vendor, await vendor.connect(name));
	}

	/** Sends the conversation, and appends the answer to it. Returns what the model received. */
	async send(messages: cchat.Message[], turn: ModelTurn): Promise<Said[]> {
		const chat = this.#connection.backend.operations.chat_completions;
		if (chat === undefined) throw new Error("the kind serves no chat");
		this.#connection.play(turn, this.#turns++);
		const { message } = await chat.unary(chatEnvelope({ messages, tools: [WEATHER] }), contextOf({ apiKey: "sk-test" }));
		messages.push(message);
		return this.#connection.said();
	}

	close(): Promise<void> {
		return this.#connection.close();
	}
}

const WEATHER: cchat.Tool = {
	name: "weather",
	description: "Tells the weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

const IMAGE: cchat.ContentPart = { type: "image", image: { source: { type: "inline", inline: { data: PIXEL, mime_type: "image/png" } } } };

/** Returns the first message. */
const question = (hasImage: boolean): cchat.Message => ({
	role: "user",
	content: [{ type: "text", text: "Is it warm there?" }, ...(hasImage ? [IMAGE] : [])],
	tool_calls: [],
});

/** Appends a result for each call of the last message. */
function answerCalls(messages: cchat.Message[]): void {
	for (const call of messages.at(-1)?.tool_calls ?? [])
		messages.push(say("tool", `${JSON.parse(call.arguments).city}: 20 degrees`, { tool_call_id: call.id }));
}

const CALLS = [{ city: "Oslo" }, { city: "Bern" }];

/** Runs the conversation: two requests at the first vendor, two at the second, one at the first again. */
async function converse(
	first: Side,
	second: Side,
	hasImage: boolean,
): Promise<Record<"begun" | "moved" | "continued" | "returned", Said[]>> {
	const messages: cchat.Message[] = [say("system", "Be brief."), question(hasImage)];
	await first.send(messages, { reasoning: "Two cities.", calls: CALLS });
	answerCalls(messages);
	const begun = await first.send(messages, { reasoning: "Both warm.", text: "Yes, 20 degrees." });
	messages.push(say("user", "Again, please."));
	const moved = await second.send(messages, { reasoning: "Once more.", text: "I look.", calls: CALLS });
	answerCalls(messages);
	const continued = await second.send(messages, { text: "Still 20 degrees." });
	messages.push(say("user", "Thanks. Bye."));
	const returned = await first.send(messages, { text: "Bye." });
	return { begun, moved, continued, returned };
}

/** Everything that a request must say after so many tool loops, without reasoning and ids. */
function expected(hasImage: boolean, loops: 1 | 2, ...more: Said[]): unknown[] {
	const loop = [
		...CALLS.map(({ city }) => ({ type: "call", name: "weather", city })),
		...CALLS.map(({ city }) => ({ type: "result", text: `${city}: 20 degrees` })),
	];
	return [
		{ type: "system", text: "Be brief." },
		{ type: "user", text: "Is it warm there?" },
		...(hasImage ? [{ type: "image", base64: PIXEL.toString("base64") }] : []),
		...loop,
		...(loops === 1
			? []
			: [
					{ type: "assistant", text: "Yes, 20 degrees." },
					{ type: "user", text: "Again, please." },
				]),
		...(loops === 1 ? [] : [{ type: "assistant", text: "I look." }, ...loop]),
		...more,
	];
}

const withoutIds = (said: readonly Said[]): unknown[] =>
	said.filter(({ type }) => type !== "reasoning").map((part) => ("id" in part ? { ...part, id: undefined } : part));

const reasoningIn = (said: readonly Said[]): string[] => said.flatMap((part) => (part.type === "reasoning" ? [part.text] : []));

/** Asserts that each call has an id of the vendor's form that no other call has, and one result after it. */
function assertPaired(said: readonly Said[], { callId }: Vendor): void {
	const calls = said.flatMap((part) => (part.type === "call" ? [part.id] : []));
	const results = said.flatMap((part) => (part.type === "result" ? [part.id] : []));
	assert.equal(results, calls, "each result answers the call of the same place");
	if (callId === "by position") return;
	assert.is(new Set(calls).size, calls.length, "no id occurs twice");
	for (const id of calls) assert.match(id, callId);
}

/** Compares without members that are `undefined`. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const from of VENDORS) {
	for (const to of VENDORS) {
		test(`a conversation moves from ${from.name} to ${to.name} and back`, async () => {
			const first = await Side.open(from, "first");
			const second = await Side.open(to, "second");
			const hasImage = from.takesImages && to.takesImages;
			try {
				const { begun, moved, continued, returned } = await converse(first, second, hasImage);
				assert.equal(plain(withoutIds(begun)), expected(hasImage, 1), "at the first vendor");
				assert.equal(
					plain(withoutIds(moved)),
					expected(hasImage, 1, { type: "assistant", text: "Yes, 20 degrees." }, { type: "user", text: "Again, please." }),
					"at the second vendor",
				);
				assert.equal(plain(withoutIds(continued)), expected(hasImage, 2), "at the second vendor, after its tools");
				assert.equal(
					plain(withoutIds(returned)),
					expected(hasImage, 2, { type: "assistant", text: "Still 20 degrees." }, { type: "user", text: "Thanks. Bye." }),
					"at the first vendor again",
				);
				for (const said of [begun, returned]) assertPaired(said, from);
				for (const said of [moved, continued]) assertPaired(said, to);
				assert.equal(reasoningIn(begun), from.sealsReasoning ? ["Two cities."] : [], "reasoning within one vendor");
				assert.equal(reasoningIn(moved), [], "reasoning of another vendor stays behind");
				assert.equal(reasoningIn(continued), to.sealsReasoning ? ["Once more."] : [], "reasoning within the second vendor");
				assert.equal(reasoningIn(returned), from.sealsReasoning ? ["Two cities.", "Both warm."] : [], "reasoning is back at its vendor");
			} finally {
				await first.close();
				await second.close();
			}
		});
	}
}

for (const to of VENDORS.filter(({ takesImages }) => !takesImages)) {
	for (const from of VENDORS.filter(({ takesImages }) => takesImages)) {
		test(`a conversation with an image is refused when it moves from ${from.name} to ${to.name}`, async () => {
			const first = await Side.open(from, "first");
			const second = await Side.open(to, "second");
			try {
				const messages = [say("system", "Be brief."), question(true)];
				await first.send(messages, { text: "Yes." });
				messages.push(say("user", "And there?"));
				const refused = await failure(second.send(messages, { text: "No." }));
				assert.equal(
					[refused.code, refused.message],
					["missing_capabilities", "messages[1].content[1]: this backend accepts only text, no image"],
				);
			} finally {
				await first.close();
				await second.close();
			}
		});
	}
}

test.run();
