import type * as cchat from "../../../generated/ir/cchat.ts";
import type { CallOptions, Downgrade } from "../../../generated/ir/types.ts";
import { opened } from "../../async/opened-stream.ts";
import type { ClientCallOptions } from "../../host/client.ts";
import { parseTraceparent } from "../../identity/trace-context.ts";
import { type Context, LightResponse } from "../hono.ts";
import { httpFailure } from "../http-error.ts";
import { logFailure } from "../middleware/answer-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { bodyBounds, readJsonBody } from "./body.ts";
import { withoutClientMembers } from "./client-members.ts";
import { clientAbort } from "./client-signal.ts";
import type { JsonRecord } from "./fields.ts";
import { type SseDialect, sseBody } from "./sse.ts";

/** A chat in the host's form. */
export interface ChatCall {
	readonly payload: cchat.Request;
	readonly options: CallOptions | undefined;
	readonly stream: boolean;
}

/** Facts about an answer that the server adds. */
export interface AnswerFacts {
	/** Id of the request. */
	readonly requestId: string;
	/** Time of the request, in seconds since 1970. */
	readonly created: number;
}

/** An API over the host's chat. */
export interface ChatApi<C extends ChatCall> {
	/**
	 * Returns the call that a request asks for.
	 *
	 * @throws HttpError that names the wrong or unknown member.
	 */
	call(body: JsonRecord, headers: Headers): C;
	/** Answers a failure before the answer has started. */
	failed(thrown: unknown, c: Context<ServeEnv>, context: Pick<ServeContext, "logger">): Response;
	/** Returns the body of a whole answer. */
	answer(response: cchat.Response, call: C, facts: AnswerFacts): object;
	/** Returns the form of a streamed answer. */
	stream(call: C, facts: AnswerFacts): SseDialect<cchat.Event>;
}

/** Longest silence of a stream, in milliseconds. Common proxies close a connection after 60 s of silence. */
export const HEARTBEAT_MS = 15_000;

/** Headers of an event stream. The last keeps nginx from collecting events. */
const STREAM_HEADERS = {
	"content-type": "text/event-stream; charset=utf-8",
	"cache-control": "no-cache, no-transform",
	"x-accel-buffering": "no",
};

/** Returns the handler of an API over the host's chat. */
export function chatHandler<C extends ChatCall>(context: ServeContext, api: ChatApi<C>): (c: Context<ServeEnv>) => Promise<Response> {
	return (c) => answered(c, context, api).catch((thrown: unknown) => api.failed(thrown, c, context));
}

async function answered<C extends ChatCall>(c: Context<ServeEnv>, context: ServeContext, api: ChatApi<C>): Promise<Response> {
	const client = c.get("client");
	const { headers } = c.req.raw;
	const call = api.call(await readJsonBody(c.req.raw, bodyBounds(c, context)), headers);
	client.check("chat_completions", call.payload.model);
	const facts = { requestId: c.get("requestId"), created: Math.floor(Date.now() / 1000) };
	const abort = clientAbort(c.req.raw);
	const { options: callOptions, downgrades } = withoutClientMembers(call.options, context.settings().passesMember);
	const options: ClientCallOptions = { ...callOptions, signal: abort.signal, requestId: facts.requestId, ...traceOf(headers) };
	if (!call.stream) {
		const { payload, backend } = await client.hostClient.call("chat_completions", call.payload, options);
		return new LightResponse(JSON.stringify(api.answer(withDowngrades(payload, downgrades), call, facts)), {
			headers: { "content-type": "application/json", ...spearHeaders(facts, backend.instance) },
		});
	}
	let backend: string | undefined;
	const onBackend = (instance: string): void => {
		backend = instance;
	};
	const { first, rest } = await opened(client.hostClient.stream("chat_completions", call.payload, { ...options, onBackend }));
	const body = sseBody(first, rest, noting(api.stream(call, facts), downgrades), {
		heartbeatMs: HEARTBEAT_MS,
		abort,
		onEnd: (outcome) => {
			if (outcome.type === "failed") logFailure(httpFailure(outcome.error), outcome.error, c, context.logger);
		},
	});
	return new LightResponse(body, { headers: { ...STREAM_HEADERS, ...spearHeaders(facts, backend) } });
}

/** Adds what the server itself has left out to what the backend did. */
function withDowngrades(response: cchat.Response, more: readonly Downgrade[]): cchat.Response {
	return more.length === 0 ? response : { ...response, downgrades: [...more, ...(response.downgrades ?? [])] };
}

function noting(dialect: SseDialect<cchat.Event>, downgrades: readonly Downgrade[]): SseDialect<cchat.Event> {
	if (downgrades.length === 0) return dialect;
	return {
		events: (event) =>
			dialect.events(event.type === "completed" ? { type: "completed", completed: withDowngrades(event.completed, downgrades) } : event),
		failed: (thrown) => dialect.failed(thrown),
	};
}

/** Returns the span that the client's request belongs to. A header that is none begins a new trace, as the standard demands. */
function traceOf(headers: Headers): Pick<ClientCallOptions, "traceparent"> {
	const traceparent = headers.get("traceparent");
	return traceparent === null || parseTraceparent(traceparent) === undefined ? {} : { traceparent };
}

/** Returns the headers that name the backend, and the id under which the router's decision is found. */
export function spearHeaders({ requestId }: Pick<AnswerFacts, "requestId">, backend: string | undefined): Record<string, string> {
	return { "x-spear-decision": requestId, ...(backend === undefined ? {} : { "x-spear-backend": backend }) };
}
