import type * as asr from "../../../../generated/ir/asr.ts";
import { opened } from "../../../async/opened-stream.ts";
import { type Context, Hono, LightResponse } from "../../hono.ts";
import type { ServeContext, ServeEnv } from "../../serve-context.ts";
import { HEARTBEAT_MS } from "../chat-api.ts";
import { apiErrorBody, invalid } from "../errors.ts";
import { failedAnswer } from "../failed-answer.ts";
import { checkOperation, servedCall } from "../served-call.ts";
import { type SseDialect, sseBody } from "../sse.ts";
import { readUpload, type UploadForm } from "../upload.ts";
import { type TranscriptCall, transcriptCall, transcriptFieldNames } from "./transcript-request.ts";
import { transcriptBody } from "./transcript-response.ts";
import { TranscriptStream } from "./transcript-stream.ts";

const FORM: UploadForm = {
	files: new Map([["file", 1]]),
	types: { numbers: ["temperature"], booleans: ["stream"], lists: ["timestamp_granularities", "include"] },
	extensions: new Map([
		["flac", "audio/flac"],
		["m4a", "audio/mp4"],
		["mp3", "audio/mpeg"],
		["mp4", "video/mp4"],
		["mpeg", "audio/mpeg"],
		["mpga", "audio/mpeg"],
		["oga", "audio/ogg"],
		["ogg", "audio/ogg"],
		["opus", "audio/ogg"],
		["wav", "audio/wav"],
		["webm", "video/webm"],
	]),
};

/** Creates the application of `POST /audio/transcriptions` and `POST /audio/translations`. */
export function transcriptsApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedAnswer(thrown, c, context, transcriptFieldNames));
	const handler = (task: asr.Task) => async (c: Context<ServeEnv>) => {
		checkOperation(c, "speech_to_text");
		const upload = await readUpload(c.req.raw, c.get("client").hostClient.media, FORM, context.settings().server.maxBodyBytes);
		let isStreaming = false;
		try {
			const [file] = upload.files;
			if (file === undefined) throw invalid("file", "is required: upload a recording");
			const call = transcriptCall(upload.members, task, file.reference);
			c.get("client").check("speech_to_text", call.payload.model);
			if (!call.stream) return await whole(c, context, call, task);
			const answer = await streamed(c, context, call, upload.release);
			isStreaming = true;
			return answer;
		} finally {
			if (!isStreaming) upload.release();
		}
	};
	app.post("/audio/transcriptions", handler("transcribe"));
	app.post("/audio/translations", handler("translate"));
	return app;
}

async function whole(
	c: Context<ServeEnv>,
	context: ServeContext,
	{ payload, options, format }: TranscriptCall,
	task: asr.Task,
): Promise<Response> {
	const call = servedCall(c, context, options);
	const { payload: given, backend } = await call.hostClient.call("speech_to_text", payload, call.options);
	const result = call.withDropped(given);
	const { text, contentType } = transcriptBody(result, task, format);
	return new LightResponse(text, { headers: { "content-type": contentType, ...call.headers(backend.instance, result.downgrades) } });
}

/** Answers in events. The first one is awaited, so that a failure before it is a plain answer. */
async function streamed(
	c: Context<ServeEnv>,
	context: ServeContext,
	{ payload, options, format }: TranscriptCall,
	onEnd: () => void,
): Promise<Response> {
	const call = servedCall(c, context, options);
	let backend: string | undefined;
	const onBackend = (instance: string): void => {
		backend = instance;
	};
	const { first, rest } = await opened(call.hostClient.stream("speech_to_text", payload, { ...call.options, onBackend }));
	const stream = new TranscriptStream(format === "diarized_json");
	const dialect: SseDialect<asr.Event> = {
		events: (event) =>
			stream
				.eventsOf(event.type === "completed" ? { ...event, completed: call.withDropped(event.completed) } : event)
				.map((each) => ({ data: JSON.stringify(each) })),
		failed: (thrown) => [{ data: JSON.stringify(apiErrorBody(thrown, transcriptFieldNames)) }],
	};
	const body = sseBody(first, rest, dialect, { heartbeatMs: HEARTBEAT_MS, abort: call.abort, onEnd });
	return new LightResponse(body, {
		headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache, no-transform", ...call.headers(backend) },
	});
}
