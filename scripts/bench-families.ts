/** The calls that `npm run bench` measures: for each family a small call of a guest, and the same call by undici alone. */

export interface BenchFamily {
	readonly name: string;
	/** Body of the guest's function that makes one call. */
	readonly guest: string;
	/** The same call without any host. */
	readonly direct: {
		readonly path: string;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: string | Buffer;
		readonly parse: boolean;
	};
}

const json = (path: string, body: unknown, parse = true): BenchFamily["direct"] => ({
	path,
	headers: { "content-type": "application/json" },
	body: JSON.stringify(body),
	parse,
});

const BOUNDARY = "bench-boundary";

/** Half a second of 16 kHz silence as WAV. */
export const RECORDING = wav(16_000, 8_000);

function wav(rate: number, samples: number): Buffer {
	const header = Buffer.alloc(44);
	header.write("RIFF", 0, "ascii");
	header.writeUInt32LE(36 + samples * 2, 4);
	header.write("WAVEfmt ", 8, "ascii");
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(rate, 24);
	header.writeUInt32LE(rate * 2, 28);
	header.writeUInt16LE(2, 32);
	header.writeUInt16LE(16, 34);
	header.write("data", 36, "ascii");
	header.writeUInt32LE(samples * 2, 40);
	return Buffer.concat([header, Buffer.alloc(samples * 2)]);
}

function multipart(): Buffer {
	const text = (name: string, value: string): string =>
		`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
	const file = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="audio.wav"\r\ncontent-type: audio/wav\r\n\r\n`;
	return Buffer.concat([
		Buffer.from(text("model", "m") + text("response_format", "json") + file),
		RECORDING,
		Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
	]);
}

export const FAMILIES: readonly BenchFamily[] = [
	{
		name: "cchat",
		guest: 'cchat.complete({ messages: [{ role: "user", content: [{ tag: "text", val: "Why is the sky blue?" }] }] }, null)',
		direct: json("/v1/chat/completions", { model: "m", messages: [{ role: "user", content: "Why is the sky blue?" }] }),
	},
	{
		name: "emb",
		guest: 'emb.embed({ input: ["Why is the sky blue?"] }, null)',
		direct: json("/v1/embeddings", { model: "m", input: ["Why is the sky blue?"], encoding_format: "float" }),
	},
	{
		name: "img",
		guest: 'img.create({ task: { tag: "generate" }, prompt: "a blue sky" }, null)',
		direct: json("/v1/images/generations", { model: "m", prompt: "a blue sky" }),
	},
	{
		name: "tts",
		guest: 'tts.synthesize({ input: { tag: "text", val: "The sky is blue." }, voice: "alloy" }, null)',
		direct: json("/v1/audio/speech", { model: "m", input: "The sky is blue.", voice: "alloy" }, false),
	},
	{
		name: "asr",
		guest: 'asr.transcribe({ audio: { tag: "inline", val: { data: RECORDING, mimeType: "audio/wav" } } }, null)',
		direct: {
			path: "/v1/audio/transcriptions",
			headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
			body: multipart(),
			parse: true,
		},
	},
];
