import process from "node:process";
import type * as asr from "../../../generated/ir/asr.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import { runClientCommand } from "../client/client-command.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { transcribeLive } from "./live/transcribe-live.ts";
import { putRecording } from "./put-recording.ts";
import type { TranscribeCommand } from "./transcribe-command.ts";
import { transcriptEvents } from "./transcript-events.ts";
import { TranscriptPrinter } from "./transcript-printer.ts";

/**
 * Runs `spear transcribe`: has a backend write down a recording, and prints the text while it arrives. Returns the exit code.
 *
 * @param path Path of the recording, or `-` for standard input.
 */
export function transcribe(path: string, command: TranscribeCommand): Promise<number> {
	if (command.live) return transcribeLive(path, command);
	const printer = new TranscriptPrinter((text) => {
		if (!command.json) process.stdout.write(printable(text));
	}, command);
	return runClientCommand(
		command,
		async (run) => {
			const audio = await putRecording(path, run);
			run.begin();
			let transcript: asr.Response | undefined;
			for await (const event of transcriptEvents(run, requestOf(audio, command))) {
				printer.add(event);
				if (event.type === "completed") transcript = event.completed;
			}
			if (transcript === undefined) throw new SpearError("internal", "the transcript ended without a text");
			run.warn(transcript.downgrades);
			if (command.json) process.stdout.write(jsonLine({ ok: true, ...transcript, backend: run.backend() }));
			return EXIT.ok;
		},
		() => printer.clear(),
	);
}

function requestOf(audio: asr.Request["audio"], command: TranscribeCommand): asr.Request {
	const { model, language, prompt, task, timestamps, diarize } = command;
	return {
		audio,
		...(model === undefined ? {} : { model }),
		...(language === undefined ? {} : { language }),
		...(prompt === undefined ? {} : { prompt }),
		...(task === undefined ? {} : { task }),
		...(timestamps === undefined ? {} : { timestamps }),
		...(diarize === undefined ? {} : { diarize }),
	};
}
