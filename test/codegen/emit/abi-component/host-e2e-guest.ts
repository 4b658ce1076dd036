/** A guest that calls every interface, type checked against the generated typings and built with both engines. */
import type { Run, RunError } from "spear:ai/agent@0.1.0";
import * as asr from "spear:ai/asr@0.1.0";
import * as cchat from "spear:ai/cchat@0.1.0";
import * as discovery from "spear:ai/discovery@0.1.0";
import * as emb from "spear:ai/emb@0.1.0";
import * as img from "spear:ai/img@0.1.0";
import { log } from "spear:ai/log@0.1.0";
import * as media from "spear:ai/media@0.1.0";
import { type Pollable, poll, subscribeDuration } from "spear:ai/poll@0.1.0";
import * as rt from "spear:ai/rt@0.1.0";
import * as transform from "spear:ai/transform@0.1.0";
import * as tts from "spear:ai/tts@0.1.0";
import type { HostcallError, Error as HostError } from "spear:ai/types@0.1.0";

/** The error a call ends in. */
function errorOf(call: () => unknown): HostError {
	try {
		call();
	} catch (caught) {
		if (isHostcallError(caught)) return caught.payload;
		throw caught;
	}
	throw failed("the call was to fail");
}

function isHostcallError(caught: unknown): caught is HostcallError {
	return typeof caught === "object" && caught !== null && "payload" in caught;
}

function failed(message: string): RunError {
	return { tag: "failed", val: message };
}

const kept: cchat.EventStream[] = [];

const sections: { readonly [name: string]: () => unknown } = {
	emb() {
		const { vectors, ...rest } = emb.embed(
			{ input: ["a", "b"], dimensions: 2, inputType: "document" },
			{ routing: { allowlist: ["x"], denylist: [], preferred: [], costHint: "low" }, timeoutMs: 5, providerOptions: '{"a":1}' },
		);
		return { ...rest, vectors, areArrays: vectors.every(Array.isArray) };
	},
	asr() {
		const audio: asr.Request["audio"] = { tag: "inline", val: { data: new Uint8Array([1, 2, 255]), mimeType: "audio/wav" } };
		return asr.transcribe(
			{ audio, task: "translate", timestamps: { word: true }, diarize: false, temperature: 0.5, language: null },
			undefined,
		);
	},
	img() {
		const task: img.Task = { tag: "edit", val: { images: [{ tag: "stored", val: "sms+file://1" }], mask: null } };
		return img.create({ task, prompt: "p", size: { width: 8, height: 4 }, background: "transparent", seed: 2_147_483_647 }, null);
	},
	tts() {
		const speech = tts.synthesizeStream({ input: { tag: "ssml", val: "<speak/>" }, format: "wav" }, null);
		const first = speech.next();
		const bytes = first.tag === "audio" ? [first.val instanceof Uint8Array, ...first.val] : [];
		const pending = speech.tryNext();
		speech[Symbol.dispose]();
		return { bytes, pending, voices: tts.listVoices(null) };
	},
	cchat() {
		const session = cchat.Session.open(
			{
				messages: [{ role: "user", content: [{ tag: "text", val: "grüß 👋" }] }],
				tools: [{ name: "t", parameters: '{"type":"object"}', strict: true }],
				toolChoice: { tag: "named", val: "t" },
				responseFormat: { tag: "json-object" },
			},
			null,
		);
		session.setParam("temperature", "null");
		const malformed = errorOf(() => session.registerTool({ name: "t", parameters: "[" }));
		const answer = session.send();
		const messages = session.messages();
		session[Symbol.dispose]();
		return { malformed, answer, messages };
	},
	errors() {
		return errorOf(() => cchat.complete({ messages: [] }, null));
	},
	rt() {
		const session = rt.Session.connect(
			{
				mode: "conversation",
				turnDetection: { tag: "semantic-vad", val: "auto" },
				sendQueue: { maxBytes: 9, overflow: "drop-oldest" },
			},
			null,
		);
		const accepted = session.appendAudio(new Uint8Array([7]));
		session.truncate("item", 3);
		const events = [session.next(), session.tryNext()];
		const state = session.state();
		session.drain();
		return { accepted, events, state };
	},
	transform() {
		return {
			answer: JSON.parse(transform.call("embeddings", '{"input":["a"]}', null)),
			refused: errorOf(() => transform.call("x", "{", null)).code,
		};
	},
	discovery() {
		return { operations: discovery.operations(), models: discovery.models("embeddings"), features: discovery.features() };
	},
	media() {
		const writer = media.Writer.open("text/plain");
		writer.append(new Uint8Array([104, 105]));
		const info = writer.finish();
		const reader = media.Reader.open(info.reference);
		const pieces = [reader.read(2), reader.read(2)];
		media.remove(info.reference);
		return { info, pieces };
	},
	log() {
		log("warn", "careful", [{ key: "k", value: "v" }]);
		return null;
	},
	/** Reads two streams as they become ready, and tells in which order their words came. */
	poll() {
		const request: cchat.Request = { messages: [] };
		const streams = ["slow", "fast"].map((model) => cchat.completeStream({ ...request, model }, null));
		const words: string[] = [];
		const open = new Set(streams);
		while (open.size > 0) {
			const waiting = [...open];
			const pollables: Pollable[] = waiting.map((stream) => stream.subscribe());
			const ready = poll([...pollables, subscribeDuration(5_000)]);
			for (const index of ready) {
				const stream = waiting[index];
				if (stream === undefined) throw failed("nothing came in time");
				for (let event = stream.tryNext(); event !== null && event !== undefined; event = stream.tryNext()) {
					if (event.tag === "text") words.push(event.val);
					if (event.tag === "completed") {
						open.delete(stream);
						stream[Symbol.dispose]();
						break;
					}
				}
			}
			for (const pollable of pollables) pollable[Symbol.dispose]();
		}
		return { words, empty: poll([]).length };
	},
	/** Leaves one handle to the engine, which drops what nothing refers to, and keeps another for good. */
	leak() {
		cchat.completeStream({ messages: [], tools: [], model: "forgotten" }, null);
		kept.push(cchat.completeStream({ messages: [], tools: [], model: "leaked" }, null));
		return null;
	},
	passesOn() {
		try {
			return cchat.complete({ messages: [] }, null);
		} catch (caught) {
			if (!isHostcallError(caught)) throw caught;
			throw { tag: "hostcall", val: caught.payload } satisfies RunError;
		}
	},
};

export const run: Run = (input) => {
	const section = sections[input];
	if (section === undefined) throw failed(`no section ${input}`);
	return JSON.stringify(section(), (_, value: unknown) => (value instanceof Uint8Array ? { bytes: [...value] } : value));
};
