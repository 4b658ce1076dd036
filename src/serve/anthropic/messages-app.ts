import { authenticated } from "../clients/authenticated.ts";
import { type Context, Hono } from "../hono.ts";
import { httpFailure } from "../http-error.ts";
import { admitted } from "../middleware/admitted.ts";
import { logFailure } from "../middleware/answer-error.ts";
import { type ChatApi, type ChatCall, chatHandler } from "../openai/chat-api.ts";
import { apiFailure } from "../openai/errors.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { errorBody, messagesField } from "./errors.ts";
import { messagesCall } from "./request.ts";
import { messageBody } from "./response.ts";
import { MessageEvents } from "./stream.ts";

const messagesApi: ChatApi<ChatCall> = {
	call: messagesCall,
	answer: (response, _, facts) => messageBody(response, facts),
	stream: ({ payload }, { requestId }) => new MessageEvents(requestId, payload.model ?? "default"),
	failed: (thrown, c, context) => failedMessage(thrown, c, context),
};

/** Creates the application of Anthropic's Messages, for the path `/v1`. */
export function messagesApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedMessage(thrown, c, context));
	app.use("/messages", authenticated(context), admitted(context));
	app.post("/messages", chatHandler(context, messagesApi));
	return app;
}

function failedMessage(thrown: unknown, c: Context<ServeEnv>, { logger }: Pick<ServeContext, "logger">): Response {
	logFailure(httpFailure(thrown), thrown, c, logger);
	const { status, headers } = apiFailure(thrown, messagesField);
	return Response.json(errorBody(thrown, c.get("requestId")), { status, headers });
}
