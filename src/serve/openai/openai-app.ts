import { SpearError } from "../../errors/spear-error.ts";
import { authenticated } from "../clients/authenticated.ts";
import { type Context, Hono } from "../hono.ts";
import { HttpError, httpFailure } from "../http-error.ts";
import { admitted } from "../middleware/admitted.ts";
import { logFailure } from "../middleware/answer-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { chatApi } from "./chat/chat-completions.ts";
import { chatField } from "./chat/request.ts";
import { chatHandler } from "./chat-api.ts";
import { apiFailure } from "./errors.ts";
import { addModelRoutes } from "./models.ts";

/** Creates the application of OpenAI's API, for the path `/v1`. */
export function openAiApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError(answerApiError(context));
	app.use(authenticated(context), admitted(context));
	addModelRoutes(app);
	app.post("/chat/completions", chatHandler(context, chatApi));
	app.all("*", (c) => {
		throw new HttpError(404, "unknown_url", `there is no ${c.req.method} ${c.req.path}`);
	});
	return app;
}

/** Returns the function that answers a failure in the form of OpenAI's errors. */
function answerApiError({ logger }: Pick<ServeContext, "logger">): (thrown: unknown, c: Context<ServeEnv>) => Response {
	return (thrown, c) => {
		logFailure(httpFailure(thrown), thrown, c, logger);
		const { status, headers, body } = apiFailure(thrown, chatField);
		// A request that the router refused has a decision as well.
		const decided = thrown instanceof SpearError && thrown.explanation !== undefined;
		return Response.json(body, { status, headers: { ...headers, ...(decided ? { "x-spear-decision": c.get("requestId") } : {}) } });
	};
}
