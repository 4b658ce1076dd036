import { GuestError } from "../../errors/guest-error.ts";
import { guestName } from "../../errors/guest-name.ts";
import { parseTraceparent } from "../../identity/trace-context.ts";
import { authenticated } from "../clients/authenticated.ts";
import type { ServedClient } from "../clients/served-client.ts";
import type { Context, Hono } from "../hono.ts";
import { HttpError, httpFailure } from "../http-error.ts";
import { admitted } from "../middleware/admitted.ts";
import { errorBody } from "../middleware/answer-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { AgentRun } from "./agent-run.ts";
import { answerEvents, wantsEvents } from "./answer-events.ts";
import { readInput } from "./read-input.ts";
import { parseRunRequest, plainRunRequest, type RunRequest } from "./run-request.ts";
import type { ServedAgent } from "./served-agent.ts";

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
		const request = await readInput(c, agent, context, { plain: plainRunRequest, parse: parseRunRequest });
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
	return answerEvents(c, running.events(), {
		failed: (thrown) => ({ name: "error", data: errorBody(httpFailure(thrown), runId) }),
		onCancel: () => gone.abort(new DOMException("the client has closed the connection", "AbortError")),
	});
}

/** Returns the header `traceparent`. A malformed one is ignored, as the standard says. */
export function traceparentOf(headers: Headers): string | undefined {
	const text = headers.get("traceparent");
	return text === null || parseTraceparent(text) === undefined ? undefined : text;
}
