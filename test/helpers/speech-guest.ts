/** Part of a guest: commands that synthesize speech and transcribe recordings. The commands use `get` of media. */
export const SPEECH_IMPORTS = `import { listVoices, synthesize, synthesizeStream } from "spear:ai/tts@0.1.0";
import { transcribe, transcribeStream } from "spear:ai/asr@0.1.0";

const spoken = (request) => ({ input: { tag: "text", val: "Hello there." }, ...request });

/** Returns the events of a stream up to its terminal event. */
function readAll(stream) {
	const events = [];
	try {
		for (;;) {
			const event = stream.next();
			events.push(event);
			if (event.tag === "completed" || event.tag === "failed") return events;
		}
	} finally {
		stream[Symbol.dispose]();
	}
}

/** Returns the answer of a stream. Throws its failure, as a whole call does. */
function lastOf(stream) {
	const last = readAll(stream).at(-1);
	if (last.tag === "failed") throw { payload: last.val.error };
	return last.val;
}

function firstOf(stream) {
	const first = stream.next();
	stream[Symbol.dispose]();
	return first;
}`;

export const SPEECH_COMMANDS = `	voices: ({ model }) => listVoices(model),
	speak: ({ request, options }) => synthesize(spoken(request), options),
	speakEvents: ({ request, options }) => readAll(synthesizeStream(spoken(request), options)),
	speakStreamed: ({ request, options }) => lastOf(synthesizeStream(spoken(request), options)),
	speakDropped: ({ request, options }) => firstOf(synthesizeStream(spoken(request), options)),
	hear: ({ request, options }) => transcribe(request, options),
	hearEvents: ({ request, options }) => readAll(transcribeStream(request, options)),
	hearStreamed: ({ request, options }) => lastOf(transcribeStream(request, options)),
	hearDropped: ({ request, options }) => firstOf(transcribeStream(request, options)),
	roundTrip({ text }) {
		const { audio, ...facts } = synthesize({ input: { tag: "text", val: text }, format: "wav" }, null);
		return { facts, bytes: get(audio).length, transcript: transcribe({ audio }, null) };
	},`;
