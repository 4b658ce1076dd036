/** A guest that handles recordings larger than its own memory may be. Its input is a JSON command, its output the outcome. */
export const LARGE_MEDIA_GUEST = `
import { transcribe } from "spear:ai/asr@0.1.0";
import { remove, Writer } from "spear:ai/media@0.1.0";
import { synthesize } from "spear:ai/tts@0.1.0";

/** Pieces to be removed, for the store has a quota. */
const kept = [];

const commands = {
	upload({ mebibytes }) {
		const writer = Writer.open("audio/wav");
		const piece = new Uint8Array(1048576).fill(7);
		for (let index = 0; index < mebibytes; index++) writer.append(piece);
		const { reference, size } = writer.finish();
		writer[Symbol.dispose]();
		kept.push(reference);
		return { size, text: transcribe({ audio: reference }, null).text };
	},
	download() {
		const { audio, mimeType } = synthesize({ input: { tag: "text", val: "A long story." }, format: "wav" }, null);
		kept.push(audio);
		return { mimeType };
	},
	forget: () => kept.splice(0).map(remove).length,
};

export function run(input) {
	const command = JSON.parse(input);
	try {
		return JSON.stringify(commands[command.do](command));
	} catch (thrown) {
		throw { tag: "failed", val: JSON.stringify(thrown && thrown.payload) + String(thrown && thrown.message) };
	}
}
`;
