import { GuestError } from "../../errors/guest-error.ts";
import { guestName } from "../../errors/guest-name.ts";
import { parseTraceparent } from "../../identity/trace-context.ts";
import { systemClock } from "../../time/clock.ts";
import { authenticated } from "../clients/authenticated.ts";
import type { ServedClient } from "../clients/served-client.ts";
import { type Context, type Hono, LightResponse } from "../hono.ts";
import { HttpError, httpFailure } from "../http-error.ts";
import { admitted } from "../middleware/admitted.ts";
import { errorBody } from "../middleware/answer-error.ts";
import { mediaTypeOf, readText } from "../middleware/read-body.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { AgentRun } from "./agent-run.ts";
import { EventStream } from "./event-stream.ts";
import { parseRunRequest, plainRunRequest, type RunRequest } from "./run-request.ts";
import type { ServedAgent } from "./served-agent.ts";

/** Longest silence of a stream, in milliseconds. Proxies close connections after a minute, some after 30 s. */
const HEARTBEAT_MS = 15_000;

/** Most bytes of JSON for one byte of its text: `\u0000`. */
const MAX_ESCAPE = 6;

/** Room for the members of a request beside its input, in bytes. */
const OTHER_MEMBERS = 4_096;

/** Adds `GET /agents` and `POST /agents/:name/run`. */
export function addAgentRoutes(app: Hono<ServeEnv>, context: ServeContext): void {
	app.get("/agents", authenticated(context), (c) => {
		const client = c.get("client");
		const agents = context.agents.all().filter(({ settings }) => client.mayRun(settings.name));
		return c.json({ agents: agents.map(agentEntry) });
	});
	app.post("/agents/:name/run", admitted(context), authenticated(context), async (c) => {
		const agent = agentOf(c.req.param("name"), c.get("client"), context);
		agent.checkPlace();
		const request = await runRequestOf(c, agent, context);
		return run(agent, request, c, context);
	});
}

function agentEntry({ settings, abi, running, isLoaded, fault }: ServedAgent): Record<string, unknown> {
	const { name, guest, maxRunning, maxInputBytes } = settings;
	return {
		name,
		guest,
		loaded: isLoaded,
		...(abi === undefined ? {} : { abi }),
		running,
		max_running: maxRunning,
		max_input_bytes: maxInputBytes,
		...(fault === undefined ? {} : { error: fault }),
	};
}

/**
 * Returns an agent by its name.
 *
 * @throws HttpError 403 for an agent that the client may not run, 404 for an unknown one.
 */
export function agentOf(name: string, client: ServedClient, { agents }: Pick<ServeContext, "agents">): ServedAgent {
	if (!client.mayRun(name))
		throw new HttpError(
			403,
			"not_permitted",
			`this key may not run the agent '${guestName(name)}'; its operator can list it in agents of the client`,
		);
	const agent = agents.get(name);
	if (agent === undefined) throw new HttpError(404, "not_found", `there is no agent '${guestName(name)}'; GET /agents lists them`);
	return agent;
}

/** @throws HttpError 400, 413, 415 for a request that cannot be read. */
async function runRequestOf(c: Context<ServeEnv>, { settings }: ServedAgent, context: ServeContext): Promise<RunRequest> {
	const { raw } = c.req;
	const charge = c.get("chargeBody");
	const { maxBodyBytes } = context.settings().server;
	const { maxInputBytes } = settings;
	const type = mediaTypeOf(raw);
	if (type === "text/plain") return plainRunRequest(await readText(raw, { maxBytes: Math.min(maxBodyBytes, maxInputBytes), charge }));
	if (type !== "application/json")
		throw new HttpError(415, "unsupported_media_type", "send JSON with content-type: application/json, or the input alone as text/plain");
	const request = parseRunRequest(
		await readText(raw, { maxBytes: Math.min(maxBodyBytes, maxInputBytes * MAX_ESCAPE + OTHER_MEMBERS), charge }),
	);
	if (Buffer.byteLength(request.input) > maxInputBytes)
		throw new HttpError(
			413,
			"input_too_large",
			`the input has more than ${maxInputBytes} bytes, the limit of this agent (max_input_bytes)`,
			{
				param: "input",
			},
		);
	return request;
}

async function run(agent: ServedAgent, request: RunRequest, c: Context<ServeEnv>, context: ServeContext): Promise<Response> {
	const { signal: leaving } = c.req.raw;
	const place = await agent.begin();
	const gone = new AbortController();
	const runId = c.get("requestId");
	const { name, guest } = agent.settings;
	const running = new AgentRun(place.agent, request, {
		runId,
		signal: AbortSignal.any([leaving, gone.signal, context.signal, c.get("client").signal]),
		traceparent: traceparentOf(c.req.raw.headers),
		caps: context.settings().runCaps(guest),
	});
	void running.ended.then(() => place.end());
	void running.ended.then((thrown) => {
		if (thrown instanceof GuestError) {
			const { failure, message, guestStack } = thrown;
			const fields = { agent: name, run_id: runId, failure, ...(guestStack === "" ? {} : { guest_stack: guestStack }) };
			context.logger.warn(fields, `agent ${name} failed: ${message}`);
		}
	});
	if (!wantsEvents(c.req.raw.headers)) return c.json(await running.answer());
	const stream = new EventStream(running.events(), {
		clock: systemClock,
		heartbeatMs: HEARTBEAT_MS,
		failed: (thrown) => ({ name: "error", data: errorBody(httpFailure(thrown), runId) }),
		onCancel: () => gone.abort(new DOMException("the client has closed the connection", "AbortError")),
	});
	await stream.begin();
	const isOld = c.env.incoming?.httpVersion === "1.0";
	return new LightResponse(stream.body(), {
		headers: {
			"content-type": "text/event-stream",
			"cache-control": "no-store",
			"x-accel-buffering": "no",
			// Without this header, the adapter of Hono holds the first events back for a turn.
			...(isOld ? {} : { "transfer-encoding": "chunked" }),
		},
	});
}

/** Returns the header `traceparent`. A malformed one is ignored, as the standard says. */
function traceparentOf(headers: Headers): string | undefined {
	const text = headers.get("traceparent");
	return text === null || parseTraceparent(text) === undefined ? undefined : text;
}

function wantsEvents(headers: Headers): boolean {
	return (headers.get("accept") ?? "").split(",").some((range) => range.trim().toLowerCase().startsWith("text/event-stream"));
}
