/** Hears, thinks and speaks: a recording or a text in, the words of the answer and their sound out. */
import { transcribe } from "spear:ai/asr@0.1.0";
import { synthesize } from "spear:ai/tts@0.1.0";
import { agent, emit, hostcall } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";
import { bytesOf, fromDataUrl, toDataUrl } from "spear-hostcall/guest/media";

/** @param input Words, or a recording as a URL such as `data:audio/wav;base64,…`. */
export const run = agent((input) => {
	const question = input.startsWith("data:") ? heard(input) : input;
	using assistant = chat({ system: "You are on the phone. Answer in one short sentence, without lists or symbols." });
	const { text } = assistant.ask(question);
	speak(text);
	return text;
});

/** Returns the words of a recording. */
function heard(recording: string): string {
	const { text } = hostcall(() => transcribe({ audio: fromDataUrl(recording), task: "transcribe" }, undefined));
	emit({ event: "heard", data: text });
	return text;
}

/** Emits the sound of a text as an event, which a player can use as it is. */
function speak(text: string): void {
	const { audio, mimeType, durationMs } = hostcall(() => synthesize({ input: { tag: "text", val: text }, format: "wav" }, undefined));
	const bytes = bytesOf(audio);
	console.info(`speaks ${durationMs ?? "?"} ms, ${bytes.length} bytes of ${mimeType}`);
	emit({ event: "audio", data: toDataUrl(bytes, mimeType) });
}
