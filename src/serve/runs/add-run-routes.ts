import { guestName } from "../../errors/guest-name.ts";
import type { RunDetails } from "../../host/runs/run-info.ts";
import { readQuery } from "../admin/query.ts";
import { agentOf, traceparentOf } from "../agents/add-agent-routes.ts";
import { answerEvents, wantsEvents } from "../agents/answer-events.ts";
import type { ServerEvent } from "../agents/event-stream.ts";
import { readInput } from "../agents/read-input.ts";
import { authenticated } from "../clients/authenticated.ts";
import type { Context, Hono } from "../hono.ts";
import { HttpError, httpFailure } from "../http-error.ts";
import { admitted } from "../middleware/admitted.ts";
import { errorBody } from "../middleware/answer-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { failureBody, type OutputFormat, runBody, runUrls } from "./run-body.ts";
import { RUN_STATES } from "./run-states.ts";
import { END_ID, eventOf } from "./step-events.ts";
import { parseSubmitRequest, plainSubmitRequest } from "./submit-request.ts";

const FORMAT = {
	output_format: { type: "choice", values: ["text", "json"], default: "text", description: "Form of the output." },
} as const;

const AFTER = {
	after: { type: "text", maxLength: 128, description: "Id of the last event that the client has." },
	...FORMAT,
} as const;

const LIST = {
	state: { type: "list", values: RUN_STATES, description: "Only runs in these states." },
	limit: { type: "integer", minimum: 1, maximum: 500, default: 50, description: "Most runs." },
} as const;

/**
 * Adds the routes of submitted runs below `/agents/:name/runs`. A client sees the runs of its own guest only: any other run is answered as one that does
 * not exist.
 */
export function addRunRoutes(app: Hono<ServeEnv>, context: ServeContext): void {
	const { host, worker } = context;
	const known = authenticated(context);
	app.post("/agents/:name/runs", admitted(context), known, async (c) => {
		const agent = agentOf(c.req.param("name"), c.get("client"), context);
		const { headers } = c.req.raw;
		const { input, options } = await readInput(c, agent, context, {
			plain: (text) => plainSubmitRequest(text, headers),
			parse: (text) => parseSubmitRequest(text, headers),
		});
		worker.start();
		const traceparent = traceparentOf(headers);
		const { name } = agent.settings;
		const { id, isNew } = await host.submit(name, input, {
			...options,
			guest: c.get("client").guest,
			...(traceparent === undefined ? {} : { traceparent }),
		});
		const urls = runUrls(name, id);
		return c.json({ id, is_new: isNew, ...urls }, 202, { location: urls.status_url });
	});
	app.get("/agents/:name/runs", known, async (c) => {
		const name = mayRun(c);
		const { state, limit } = readQuery(LIST, new URL(c.req.url).searchParams);
		const options = { guest: c.get("client").guest, most: limit, ...(state === undefined ? {} : { states: state }) };
		return c.json({ runs: (await host.runs.list(name, options)).map((run) => runBody(run)) });
	});
	app.get("/agents/:name/runs/:id", known, async (c) => {
		const { output_format: format } = readQuery(FORMAT, new URL(c.req.url).searchParams);
		return c.json(runBody(await ownRun(c, context), format));
	});
	app.get("/agents/:name/runs/:id/events", known, async (c) => {
		const { after = "", output_format: format } = readQuery(AFTER, new URL(c.req.url).searchParams);
		const run = await ownRun(c, context);
		const from = c.req.header("last-event-id") ?? after;
		// 204 tells an EventSource not to connect again.
		if (from === END_ID) return c.body(null, 204);
		return wantsEvents(c.req.raw.headers) ? stream(c, run.id, from, format, context) : c.json(await stored(run.id, from, context));
	});
	const cancel = async (c: Context<ServeEnv>): Promise<Response> => {
		const { id } = await ownRun(c, context);
		await host.runs.cancel(id);
		return c.json(runBody(await ownRun(c, context)), 202);
	};
	app.post("/agents/:name/runs/:id/cancel", known, cancel);
	app.delete("/agents/:name/runs/:id", known, cancel);
}

/** Returns the name of the agent. @throws HttpError 403 for an agent that the client may not run. */
function mayRun(c: Context<ServeEnv>): string {
	const name = c.req.param("name") ?? "";
	if (c.get("client").mayRun(name)) return name;
	throw new HttpError(
		403,
		"not_permitted",
		`this key may not run the agent '${guestName(name)}'; its operator can list it in agents of the client`,
	);
}

/** @throws HttpError 403 as `mayRun`; 404 for a run of another guest or agent, and for an unknown one. */
async function ownRun(c: Context<ServeEnv>, { host }: ServeContext): Promise<RunDetails> {
	const name = mayRun(c);
	const id = c.req.param("id") ?? "";
	const run = await host.runs.status(id);
	if (run !== undefined && run.agent === name && run.guest === c.get("client").guest) return run;
	throw new HttpError(404, "not_found", `there is no run '${guestName(id)}'; runs are kept for a while after their end only`);
}

/** Returns the events that are stored now. */
async function stored(id: string, after: string, { host }: ServeContext): Promise<object> {
	const { steps, cursor, ended } = await host.runs.steps(id, after);
	const events = steps.map((step) => {
		const { id: at, name, data } = eventOf(step);
		return { ...(at === undefined ? {} : { id: at }), type: name, data };
	});
	return { events, next: cursor, ended };
}

async function stream(c: Context<ServeEnv>, id: string, after: string, format: OutputFormat, context: ServeContext): Promise<Response> {
	const gone = new AbortController();
	const signal = AbortSignal.any([c.req.raw.signal, gone.signal, context.draining, context.signal, c.get("client").signal]);
	const failed = (thrown: unknown): ServerEvent => ({ name: "error", data: errorBody(httpFailure(thrown), c.get("requestId")) });
	return answerEvents(c, eventsOf(id, after, format, signal, context), { failed, onCancel: () => gone.abort() });
}

/** Yields the events of a run, and its end as the last one. Ends without that when the server drains: the client continues at another host. */
async function* eventsOf(
	id: string,
	after: string,
	format: OutputFormat,
	signal: AbortSignal,
	{ host, draining }: ServeContext,
): AsyncGenerator<ServerEvent, void, void> {
	try {
		for await (const step of host.runs.events(id, { after, signal })) yield eventOf(step);
	} catch (thrown) {
		if (draining.aborted) return;
		throw thrown;
	}
	const run = await host.runs.statusLater(id, signal);
	if (run === undefined) throw new HttpError(404, "not_found", "the run is kept no longer");
	if (run.error === undefined) yield { id: END_ID, name: "completed", data: runBody(run, format) };
	else yield { id: END_ID, name: "error", data: { error: failureBody(run.error), run: runBody(run) } };
}
