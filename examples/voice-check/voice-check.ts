/**
 * A guest that listens to itself. Speaks a text, transcribes the recording, and compares the transcript with the text: by words, and by
 * meaning. Then holds a live session, and transcribes the same speech while the speech arrives.
 */

import { transcribe } from "spear:ai/asr@0.1.0";
import { models } from "spear:ai/discovery@0.1.0";
import { embed } from "spear:ai/emb@0.1.0";
import { Reader } from "spear:ai/media@0.1.0";
import { synthesize } from "spear:ai/tts@0.1.0";
import type { MediaRef } from "spear:ai/types@0.1.0";
import { agent } from "spear-hostcall/guest";
import { cosine, wordError } from "./compare.ts";
import { listen } from "./listen.ts";
import { readWav } from "./sound.ts";

const TEXT = "The ship left the harbor before the storm. Her crew was tired, but the cargo was safe.";

export const run = agent((input) => {
	const text = input === "" ? TEXT : input;
	console.info(`text     ${text}`);

	const speech = synthesize({ input: { tag: "text", val: text }, format: "wav" }, null);
	const sound = readWav(read(speech.audio));
	console.info(`spoken   ${(sound.samples.length / sound.rate).toFixed(1)} s at ${sound.rate} Hz, by ${modelOf("text_to_speech")}`);

	const heard = transcribe({ audio: speech.audio }, null).text;
	console.info(`heard    ${heard} (by ${modelOf("speech_to_text")})`);

	const { vectors, model } = embed({ input: [text, heard] }, null);
	const likeness = cosine(vectors[0] ?? [], vectors[1] ?? []);
	console.info(`meaning  ${vectors[0]?.length ?? 0} numbers for each text (by ${model})`);

	const live = listen(sound, (partial) => console.info(`hearing  ${partial}`));
	console.info(`live     ${live.text} (by ${modelOf("realtime_voice")})`);

	return [
		`word error of the transcript       ${wordError(text, heard).toFixed(2)}`,
		`cosine of text and transcript      ${likeness.toFixed(2)}`,
		`word error of the live transcript  ${wordError(text, live.text).toFixed(2)}, ${live.partials} partial before it`,
	].join("\n");
});

/** Returns the name of the model that a request without a model receives. */
function modelOf(operation: string): string {
	return models(operation).find(({ isDefault }) => isDefault)?.name ?? "an unnamed model";
}

/** Returns the bytes of a recording in the host's media store. */
function read(audio: MediaRef): Uint8Array {
	using reader = Reader.open(audio);
	const parts: Uint8Array[] = [];
	for (let part = reader.read(1 << 20); part !== null; part = reader.read(1 << 20)) parts.push(part);
	const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let end = 0;
	for (const part of parts) {
		bytes.set(part, end);
		end += part.length;
	}
	return bytes;
}
