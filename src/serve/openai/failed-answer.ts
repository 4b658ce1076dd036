import { SpearError } from "../../errors/spear-error.ts";
import type { Context } from "../hono.ts";
import { httpFailure } from "../http-error.ts";
import { logFailure } from "../middleware/answer-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { apiFailure, type FieldNames } from "./errors.ts";

/** Answers a failure in the form of OpenAI's errors. Logs an unexpected one. */
export function failedAnswer(
	thrown: unknown,
	c: Context<ServeEnv>,
	{ logger }: Pick<ServeContext, "logger">,
	fieldNames?: FieldNames,
): Response {
	logFailure(httpFailure(thrown), thrown, c, logger);
	const { status, headers, body } = apiFailure(thrown, fieldNames);
	// A request that the router refused has a decision as well.
	const decided = thrown instanceof SpearError && thrown.explanation !== undefined;
	return Response.json(body, { status, headers: { ...headers, ...(decided ? { "x-spear-decision": c.get("requestId") } : {}) } });
}
