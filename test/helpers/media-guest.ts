import { CHAT_COMMANDS, CHAT_IMPORTS } from "./chat-guest.ts";
import { familyGuest } from "./family-guest.ts";
import { buildTestGuest } from "./guest.ts";

/** A guest for tests of media. Stores handles and references by name (`as`), so that later commands and runs can use them. */
const MEDIA_GUEST = familyGuest(
	`${CHAT_IMPORTS}
import { get, put, Reader, remove, stat, Writer } from "spear:ai/media@0.1.0";
import { transcribe } from "spear:ai/asr@0.1.0";
import { synthesize } from "spear:ai/tts@0.1.0";

const kept = {};
/** Large recordings, which the command forget removes, because the store has a quota. */
const recordings = [];
const bytesOf = (length) => Uint8Array.from({ length }, (_, index) => index % 251);
const named = (reference) => (typeof reference === "string" ? kept[reference] : reference);`,
	`${CHAT_COMMANDS}
	put({ bytes, length, mimeType, as }) {
		const info = put(bytes ?? bytesOf(length), mimeType ?? null);
		kept[as] = info.reference;
		return info;
	},
	get: ({ reference }) => get(named(reference)),
	stat: ({ reference }) => stat(named(reference)),
	remove({ reference }) {
		remove(named(reference));
		return "removed";
	},
	write({ parts, as, end }) {
		const writer = Writer.open(null);
		try {
			for (const length of parts) writer.append(bytesOf(length));
			if (end !== undefined) return end;
			const info = writer.finish();
			kept[as] = info.reference;
			return info;
		} finally {
			if (end !== "left open") writer[Symbol.dispose]();
		}
	},
	read({ reference, max }) {
		const reader = Reader.open(named(reference));
		const lengths = [];
		for (let bytes = reader.read(max); bytes; bytes = reader.read(max)) lengths.push(bytes.length);
		reader[Symbol.dispose]();
		return lengths;
	},
	/** Sends an image to the model. */
	look({ reference, inline, timeoutMs }) {
		const source = inline === undefined ? named(reference) : { tag: "inline", val: { data: bytesOf(inline), mimeType: "image/png" } };
		const content = [{ tag: "image", val: { source, detail: null } }];
		const request = { messages: [{ role: "user", content, toolCalls: [] }], tools: [] };
		return complete(request, timeoutMs === undefined ? null : { timeoutMs }).message.content[0].val;
	},
	/** Sends an image and streams the answer. Returns the first event, and the last unless the stream is dropped before. */
	watch({ inline, drop }) {
		const content = [{ tag: "image", val: { source: { tag: "inline", val: { data: bytesOf(inline), mimeType: "image/png" } }, detail: null } }];
		const stream = completeStream({ messages: [{ role: "user", content, toolCalls: [] }], tools: [] }, null);
		const seen = [stream.next().tag];
		while (!drop && !["completed", "failed"].includes(seen.at(-1))) seen.push(stream.next().tag);
		stream[Symbol.dispose]();
		return seen;
	},
	/** Writes a recording larger than the memory of the guest, and transcribes it. */
	upload({ mebibytes }) {
		const writer = Writer.open("audio/wav");
		const part = new Uint8Array(1048576).fill(7);
		for (let index = 0; index < mebibytes; index++) writer.append(part);
		const { reference, size } = writer.finish();
		writer[Symbol.dispose]();
		recordings.push(reference);
		return { size, text: transcribe({ audio: reference }, null).text };
	},
	download() {
		const { audio, mimeType } = synthesize({ input: { tag: "text", val: "A long story." }, format: "wav" }, null);
		recordings.push(audio);
		return { mimeType };
	},
	forget: () => recordings.splice(0).map(remove).length,
	/** Sends a recording to the model, which reaches the upstream as bytes only. */
	listen({ reference }) {
		const content = [{ tag: "audio", val: { source: named(reference), format: null } }];
		return complete({ messages: [{ role: "user", content, toolCalls: [] }], tools: [] }, null).message.content[0].val;
	},`,
);

export async function mediaComponent(): Promise<string> {
	return (await buildTestGuest(MEDIA_GUEST, { world: "agent" })).prepared;
}
