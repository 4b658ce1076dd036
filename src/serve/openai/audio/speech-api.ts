import type * as tts from "../../../../generated/ir/tts.ts";
import { type OpenedStream, opened } from "../../../async/opened-stream.ts";
import { cancelledError } from "../../../errors/spear-error.ts";
import type { HostClient } from "../../../host/client.ts";
import { Hono, LightResponse } from "../../hono.ts";
import type { ServeContext, ServeEnv } from "../../serve-context.ts";
import { bodyBounds, readJsonBody } from "../body.ts";
import { HEARTBEAT_MS } from "../chat-api.ts";
import { apiErrorBody } from "../errors.ts";
import { failedAnswer } from "../failed-answer.ts";
import { type ServedCall, servedCall } from "../served-call.ts";
import { type SseDialect, sseBody } from "../sse.ts";
import { streamedBody } from "../streamed-body.ts";
import { removeMedia } from "../upload.ts";
import { speechCall, speechFieldNames } from "./speech-request.ts";
import { speechEvent, speechType } from "./speech-response.ts";

/** Creates the application of `POST /audio/speech`. The audio is sent as it arrives. */
export function speechApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedAnswer(thrown, c, context, speechFieldNames));
	app.post("/audio/speech", async (c) => {
		const { payload, options, events } = speechCall(await readJsonBody(c.req.raw, bodyBounds(c, context)));
		c.get("client").check("text_to_speech", payload.model);
		const call = servedCall(c, context, options);
		let backend: string | undefined;
		const onBackend = (instance: string): void => {
			backend = instance;
		};
		const { media } = call.hostClient;
		const stream = call.hostClient.stream("text_to_speech", payload, { ...call.options, onBackend });
		const { first, rest } = await opened(stream);
		const headers = call.headers(backend);
		if (events) {
			const body = sseBody(first, rest, dialect(call), { heartbeatMs: HEARTBEAT_MS, abort: call.abort });
			return new LightResponse(body, {
				headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache, no-transform", ...headers },
			});
		}
		const beginning = first.done !== true && first.value.type === "audio" ? first.value.audio : new Uint8Array();
		const onEnd = (): void => call.abort.abort(cancelledError("the client closed the connection"));
		return new LightResponse(streamedBody(audioOf({ first, rest }, media), { outgoing: c.env.outgoing, onEnd }), {
			headers: { "content-type": speechType(payload.format, beginning), ...headers },
		});
	});
	return app;
}

/** Yields the audio. The recording is removed from the store at the end: the client has it. */
async function* audioOf({ first, rest }: OpenedStream<tts.Event>, media: HostClient["media"]): AsyncGenerator<Uint8Array, void, void> {
	try {
		for (let step = first; step.done !== true; step = await rest.next()) {
			if (step.value.type === "audio") yield step.value.audio;
			else forget(step.value, media);
		}
	} finally {
		await rest.return?.();
	}
}

function dialect({ hostClient, withDropped }: ServedCall): SseDialect<tts.Event> {
	return {
		events(event) {
			forget(event, hostClient.media);
			const shown = speechEvent(event.type === "completed" ? { ...event, completed: withDropped(event.completed) } : event);
			return shown === undefined ? [] : [{ data: JSON.stringify(shown) }];
		},
		failed: (thrown) => [{ data: JSON.stringify(apiErrorBody(thrown, speechFieldNames)) }],
	};
}

function forget(event: tts.Event, media: HostClient["media"]): void {
	if (event.type === "completed") removeMedia(media, event.completed.audio);
}
