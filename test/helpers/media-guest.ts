import { familyGuest } from "./family-guest.ts";

/** A guest for tests of media. It keeps what it was given by name (`as`), so that a later command or run can use it. */
export const MEDIA_GUEST = familyGuest(
	`import { complete, completeStream } from "spear:ai/cchat@0.1.0";
import { get, put, Reader, remove, stat, Writer } from "spear:ai/media@0.1.0";

const kept = {};
const bytesOf = (length) => Uint8Array.from({ length }, (_, index) => index % 251);
const named = (reference) => (typeof reference === "string" ? kept[reference] : reference);`,
	`	put({ bytes, length, mimeType, as }) {
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
	/** Asks the model about an image. */
	look({ reference, inline, timeoutMs }) {
		const source = inline === undefined ? named(reference) : { tag: "inline", val: { data: bytesOf(inline), mimeType: "image/png" } };
		const content = [{ tag: "image", val: { source, detail: null } }];
		const request = { messages: [{ role: "user", content, toolCalls: [] }], tools: [] };
		return complete(request, timeoutMs === undefined ? null : { timeoutMs }).message.content[0].val;
	},
	/** The same, streamed: the first event, and the last unless the stream is dropped before. */
	watch({ inline, drop }) {
		const content = [{ tag: "image", val: { source: { tag: "inline", val: { data: bytesOf(inline), mimeType: "image/png" } }, detail: null } }];
		const stream = completeStream({ messages: [{ role: "user", content, toolCalls: [] }], tools: [] }, null);
		const seen = [stream.next().tag];
		while (!drop && !["completed", "failed"].includes(seen.at(-1))) seen.push(stream.next().tag);
		stream[Symbol.dispose]();
		return seen;
	},
	/** Hands the model a recording, which goes upstream as bytes only. */
	listen({ reference }) {
		const content = [{ tag: "audio", val: { source: named(reference), format: null } }];
		return complete({ messages: [{ role: "user", content, toolCalls: [] }], tools: [] }, null).message.content[0].val;
	},`,
);
