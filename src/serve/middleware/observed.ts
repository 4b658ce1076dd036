import { randomUUID } from "node:crypto";
import type { Context, MiddlewareHandler } from "../hono.ts";
import { CLIENT_CLOSED } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { loggedPath } from "./logged-path.ts";

/** Sets the id of each request, counts the request until its answer is sent, and logs it. Neither query nor headers are logged: they may hold keys. */
export function observed({ settings, logger, now, requests }: ServeContext): MiddlewareHandler<ServeEnv> {
	return async (c, next) => {
		const requestId = randomUUID();
		c.set("requestId", requestId);
		const startedAt = now();
		const { incoming, outgoing } = c.env;
		// Absent once the connection is closed.
		const address = incoming?.socket.remoteAddress;
		requests.begin();
		const end = (): void => {
			requests.end();
			if (!settings().server.accessLog) return;
			const fields = { ...fieldsOf(c, requestId, now() - startedAt), ...(address === undefined ? {} : { remote_address: address }) };
			logger.info(fields, `${c.req.method} ${loggedPath(c.req.path)}`);
		};
		// Where Node's response is at hand, the request lasts until its answer is sent, or its client has gone.
		outgoing?.once("close", end);
		outgoing?.setHeader("x-request-id", requestId);
		try {
			await next();
			if (outgoing === undefined) c.res.headers.set("x-request-id", requestId);
		} finally {
			if (outgoing === undefined) end();
		}
	};
}

function fieldsOf(c: Context<ServeEnv>, requestId: string, durationMs: number): Record<string, unknown> {
	const { outgoing } = c.env;
	const client: { readonly name: string } | undefined = c.get("client");
	const backend = outgoing?.headersSent === true ? outgoing.getHeader("x-spear-backend") : c.res.headers.get("x-spear-backend");
	return {
		request_id: requestId,
		status: outgoing?.headersSent === false ? CLIENT_CLOSED : c.res.status,
		duration_ms: Math.round(durationMs * 10) / 10,
		...(outgoing?.writableFinished === false ? { is_cut: true } : {}),
		...(client === undefined ? {} : { client: client.name }),
		...(typeof backend === "string" ? { backend } : {}),
	};
}
