import process from "node:process";
import type * as tts from "../../../generated/ir/tts.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import { type ClientCommand, type ClientRun, runClientCommand } from "../client/client-command.ts";
import { progressLine } from "../client/progress-line.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { readInput } from "../read-input.ts";
import { printToStderr } from "../terminal.ts";
import { audioFormat } from "./audio-format.ts";
import { openAudioOutput } from "./audio-output.ts";
import { describeSpeech, size } from "./describe-speech.ts";
import { speechEvents } from "./speech-events.ts";
import { voices } from "./voices.ts";

/** Options of `spear speak`. */
export interface SpeakCommand extends ClientCommand {
	/** Path of the file, or `-` for standard output. The default is {@link DEFAULT_OUT}, which never replaces a file. */
	readonly out?: string;
	readonly format?: tts.AudioFormat;
	readonly model?: string;
	readonly voice?: string;
	readonly speed?: number;
	readonly language?: string;
	readonly instructions?: string;
	/** The text is an SSML document. */
	readonly ssml?: boolean;
	/** Lists the voices, and speaks nothing. */
	readonly voices?: boolean;
}

/** File that is written unless the command names one. */
const DEFAULT_OUT = "speech.wav";

/** Longest text from standard input, in bytes. Longer than any backend accepts. */
const MAX_TEXT_BYTES = 1024 * 1024;

/**
 * Runs `spear speak`: has a text spoken by a backend, and writes the audio to a file while it arrives. Returns the exit code.
 *
 * @param text The text. `-` reads standard input, and so does an absent text if standard input is not a terminal.
 */
export function speak(text: string | undefined, command: SpeakCommand): Promise<number> {
	const progress = progressLine(command.json !== true && command.out !== "-");
	return runClientCommand(
		command,
		async (run) => {
			if (command.voices) return voices(run, command);
			const { out = DEFAULT_OUT } = command;
			const format = audioFormat(out, command.format);
			checkOutput(out, command);
			const input = await textOf(text, run);
			const started = performance.now();
			const output = await openAudioOutput(out, { replace: command.out !== undefined });
			try {
				run.begin();
				let bytes = 0;
				let response: tts.Response | undefined;
				for await (const event of speechEvents(run, requestOf(input, format, command))) {
					if (event.type === "audio") {
						await output.write(event.audio);
						bytes += event.audio.byteLength;
						progress.show(`${out}  ${size(bytes)}, ${((performance.now() - started) / 1000).toFixed(1)} s …`);
					} else if (event.type === "completed") response = event.completed;
				}
				if (response === undefined) throw new SpearError("internal", "the speech ended without a recording");
				const written = await output.finish();
				progress.clear();
				run.warn(response.downgrades);
				const spoken = { file: out, bytes: written, response, backend: run.backend(), ms: Math.round(performance.now() - started) };
				if (command.json) process.stdout.write(jsonLine(jsonOf(spoken)));
				else if (out === "-") printToStderr(describeSpeech(spoken));
				else process.stdout.write(printable(describeSpeech(spoken)));
				return EXIT.ok;
			} finally {
				await output.discard();
			}
		},
		progress.clear,
	);
}

/** @throws SpearError `invalid_request` for options that exclude each other. */
function checkOutput(out: string, { json }: SpeakCommand): void {
	if (out !== "-") return;
	if (json) throw new SpearError("invalid_request", "--json prints to standard output, and --out - writes the audio there; name a file");
	if (process.stdout.isTTY)
		throw new SpearError("invalid_request", "--out -: standard output is a terminal; name a file, or pipe the audio into a program");
}

async function textOf(text: string | undefined, { signal }: ClientRun): Promise<string> {
	if (text !== undefined && text !== "-") return text;
	if (text === undefined && process.stdin.isTTY)
		throw new SpearError("invalid_request", 'no text to speak; write it as an argument, spear speak "Hello", or pipe it into the command');
	return readInput(signal, { why: "spear speak reads text", maxBytes: MAX_TEXT_BYTES });
}

function requestOf(text: string, format: tts.AudioFormat, command: SpeakCommand): tts.Request {
	const { ssml, model, voice, speed, language, instructions } = command;
	return {
		input: ssml ? { type: "ssml", ssml: text } : { type: "text", text },
		format,
		...(model === undefined ? {} : { model }),
		...(voice === undefined ? {} : { voice }),
		...(speed === undefined ? {} : { speed }),
		...(language === undefined ? {} : { language }),
		...(instructions === undefined ? {} : { instructions }),
	};
}

function jsonOf({ file, bytes, response, backend, ms }: Parameters<typeof describeSpeech>[0]): object {
	const { mime_type, sample_rate, duration_ms, usage, downgrades = [] } = response;
	return {
		ok: true,
		file,
		bytes,
		mimeType: mime_type,
		sampleRate: sample_rate,
		durationMs: duration_ms,
		backend,
		ms,
		...(usage === undefined ? {} : { usage }),
		downgrades,
	};
}
