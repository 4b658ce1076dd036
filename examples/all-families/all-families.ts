/**
 * A guest that uses every operation. Speaks a text, transcribes the speech, embeds both texts, generates an image, chats, and holds a
 * short realtime session.
 *
 * Speech and images stay in the host's media store. The guest passes references.
 */

import { transcribe } from "spear:ai/asr@0.1.0";
import { operations } from "spear:ai/discovery@0.1.0";
import { embed } from "spear:ai/emb@0.1.0";
import { create } from "spear:ai/img@0.1.0";
import { stat } from "spear:ai/media@0.1.0";
import { Session as RealtimeSession } from "spear:ai/rt@0.1.0";
import { synthesize } from "spear:ai/tts@0.1.0";
import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => {
	const text = input === "" ? "A red kite over green hills" : input;
	const report: string[] = [];
	const say = (line: string): void => {
		report.push(line);
		console.info(line);
	};

	say(
		`may use    ${operations()
			.filter((operation) => operation.available)
			.map((operation) => operation.family)
			.join(", ")}`,
	);

	const speech = synthesize({ input: { tag: "text", val: text }, format: "wav" }, null);
	const info = stat(speech.audio);
	say(`spoke      ${info.size} bytes of ${info.mimeType}, ${speech.durationMs ?? "?"} ms`);

	const transcript = transcribe({ audio: speech.audio }, null);
	say(`heard      ${transcript.text}`);

	const { vectors, dimensions } = embed({ input: [text, transcript.text] }, null);
	say(`embedded   2 texts, ${dimensions} dimensions, cosine ${cosine(vectors[0] ?? [], vectors[1] ?? []).toFixed(2)}`);

	const { images } = create({ task: { tag: "generate" }, prompt: text, n: 1 }, null);
	for (const image of images) say(`drew       ${image.mimeType}, ${image.size?.width ?? "?"} × ${image.size?.height ?? "?"}`);

	using clerk = chat({ system: "Answer in one sentence." });
	say(`chatted    ${clerk.ask(`What could this be a title of: ${text}?`).text}`);

	say(`conversed  ${converse(text)}`);
	return report.join("\n");
});

/** Sends one text in a realtime session. Returns the response's text and the size of its audio. */
function converse(text: string): string {
	using session = RealtimeSession.connect({ mode: "conversation" }, null);
	session.sendText(text);
	let said = "";
	let audio = 0;
	for (;;) {
		const event = session.next();
		if (event.tag === "text" || event.tag === "output-transcript") said += event.val.text;
		if (event.tag === "audio") audio += event.val.audio.length;
		if (event.tag === "response-done") session.close();
		if (event.tag === "failed") throw new Error(event.val.message);
		if (event.tag === "completed") return `${said} (${audio} bytes of audio)`;
	}
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let [dot, aa, bb] = [0, 0, 0];
	for (let i = 0; i < a.length; i++) {
		const [x, y] = [a[i] ?? 0, b[i] ?? 0];
		dot += x * y;
		aa += x * x;
		bb += y * y;
	}
	return dot / Math.sqrt(aa * bb);
}
