import type { ErrorReason } from "../../errors/error-reason.ts";
import type { Context } from "../hono.ts";
import { type HttpFailure, httpFailure } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { loggedPath } from "./logged-path.ts";

/** Body of an error answer outside of `/v1`. */
export interface ErrorBody {
	readonly error: {
		readonly code: string;
		/** Finer reason of a `rate_limited` error. Absent for none. */
		readonly reason?: ErrorReason;
		readonly message: string;
		readonly param?: string;
		readonly retryable: boolean;
		readonly request_id: string;
	};
}

/** Returns the function that answers a failure in the server's own form. Unexpected errors are logged whole, and their text is withheld. */
export function answerError({ logger }: Pick<ServeContext, "logger">): (thrown: unknown, c: Context<ServeEnv>) => Response {
	return (thrown, c) => {
		const failure = httpFailure(thrown);
		logFailure(failure, thrown, c, logger);
		return Response.json(errorBody(failure, c.get("requestId")), { status: failure.status, headers: failureHeaders(failure) });
	};
}

/** Returns the body of an error answer, and the data of an error event. */
export function errorBody({ code, reason, message, param, retryable }: HttpFailure, requestId: string): ErrorBody {
	return {
		error: {
			code,
			...(reason === undefined ? {} : { reason }),
			message,
			...(param === undefined ? {} : { param }),
			retryable,
			request_id: requestId,
		},
	};
}

/** Returns the headers of an error answer. */
export function failureHeaders({ headers, retryAfterMs }: HttpFailure): Record<string, string> {
	return retryAfterMs === undefined ? { ...headers } : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))), ...headers };
}

/** Logs an unexpected error with its stack. Expected ones are known from the access log and the log of upstreams. */
export function logFailure(
	{ status, code, reason, message }: HttpFailure,
	thrown: unknown,
	c: Context<ServeEnv>,
	logger: ServeContext["logger"],
): void {
	const fields = { request_id: c.get("requestId"), code, ...(reason === undefined ? {} : { reason }) };
	if (status === 500 && code === "internal")
		logger.error({ ...fields, err: thrown }, `${c.req.method} ${loggedPath(c.req.path)}: ${message}`);
	else logger.debug({ ...fields, status }, message);
}
