import process from "node:process";
import type * as rt from "../../../../generated/ir/rt.ts";
import { abortable } from "../../../async/abortable.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { type ClientRun, runClientCommand } from "../../client/client-command.ts";
import { EXIT } from "../../exit-codes.ts";
import { jsonLine } from "../../json-line.ts";
import { printToStderr } from "../../terminal.ts";
import { recordingName } from "../open-recording.ts";
import type { TranscribeCommand } from "../transcribe-command.ts";
import { feed } from "./feed.ts";
import { HeardSpeech } from "./heard-speech.ts";
import { LivePrinter } from "./live-printer.ts";
import { sessionAudio } from "./session-audio.ts";

/** Options of a whole transcript that a session lacks. */
const NOT_LIVE = ["prompt", "task", "timestamps", "diarize"] as const;

/**
 * Runs `spear transcribe --live`: sends a recording at the speed of speech to a realtime session, and prints the text while it is heard.
 * Ctrl-C ends the session in order. Returns the exit code.
 */
export function transcribeLive(path: string, command: TranscribeCommand): Promise<number> {
	const { stdout } = process;
	const printer = new LivePrinter({
		out: (text) => void stdout.write(text),
		note: printToStderr,
		columns: stdout.isTTY ? stdout.columns : undefined,
	});
	return runClientCommand(
		command,
		async (run) => {
			checkOptions(command);
			const ended = new AbortController();
			const audio = sessionAudio(path, AbortSignal.any([run.signal, ended.signal]));
			const heard = new HeardSpeech();
			try {
				// The first audio shows that the recording can be read, before a session is opened.
				const first = await audio.next();
				if (first.done) throw new SpearError("invalid_request", `${recordingName(path)} has no samples; give a recording`);
				run.begin();
				const report = await hear(run, {
					request: requestOf(command),
					audio: joined(first.value, audio),
					heard,
					ended,
					onEvent: (event) => {
						if (!command.json) printer.add(event, heard);
					},
				});
				printer.clear();
				run.warn(report.downgrades);
				const interrupted = run.signal.aborted;
				if (command.json) process.stdout.write(jsonLine(jsonOf(heard, report, run.backend(), interrupted)));
				else if (interrupted) printToStderr("spear: interrupted; this is what was heard\n");
				return interrupted ? EXIT.interrupted : EXIT.ok;
			} finally {
				ended.abort();
				await audio.return();
			}
		},
		() => printer.clear(),
	);
}

/** @throws SpearError `invalid_request` for an option that sessions lack. */
function checkOptions(command: TranscribeCommand): void {
	const excluded = NOT_LIVE.find((name) => command[name] !== undefined);
	if (excluded !== undefined)
		throw new SpearError("invalid_request", `--${excluded} has no meaning for a session; omit the option, or --live`);
}

interface Hearing {
	readonly request: rt.Request;
	readonly audio: AsyncIterable<Uint8Array>;
	/** Receives the events. */
	readonly heard: HeardSpeech;
	/** Aborted when the session has ended. */
	readonly ended: AbortController;
	/** Called after `heard` has received the event. */
	readonly onEvent: (event: rt.Event) => void;
}

/** Opens a session, sends the audio and reads the events until the session has ended. Returns its report. */
async function hear({ client, options, signal }: ClientRun, { request, audio, heard, ended, onEvent }: Hearing): Promise<rt.Response> {
	using session = await abortable(client.connect(request, options), signal, (late) => late.close());
	let isClosing = false;
	let fault: { readonly cause: unknown } | undefined;
	const close = (): void => {
		isClosing = true;
		session.close();
	};
	const fed = { send: session.send.bind(session), drain: session.drain.bind(session), close };
	const feeding = feed(fed, audio, heard, AbortSignal.any([signal, ended.signal])).catch((cause: unknown) => {
		fault = { cause };
		close();
	});
	let last: rt.Event | undefined;
	for await (const event of session) {
		heard.add(event);
		onEvent(event);
		last = event;
	}
	const endedFirst = !isClosing;
	ended.abort();
	await feeding;
	if (last?.type === "failed") throw SpearError.fromRecord(last.failed);
	if (endedFirst) throw new SpearError("backend_error", "the backend ended the session before the recording ended");
	if (fault !== undefined) throw fault.cause;
	if (last?.type !== "completed") throw new SpearError("internal", "the session ended without a report");
	return last.completed;
}

function requestOf({ model, language }: TranscribeCommand): rt.Request {
	return {
		mode: "transcription",
		input_format: "pcm16",
		tools: [],
		...(model === undefined ? {} : { model }),
		...(language === undefined ? {} : { language }),
	};
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
	yield first;
	yield* rest;
}

function jsonOf({ turns, speech }: HeardSpeech, report: rt.Response, backend: string | undefined, interrupted: boolean): object {
	const { duration_ms, usage, downgrades = [] } = report;
	return {
		ok: !interrupted,
		text: turns.map(({ text }) => text).join("\n"),
		turns,
		speech,
		interrupted,
		durationMs: duration_ms,
		backend,
		...(usage === undefined ? {} : { usage }),
		downgrades,
	};
}
