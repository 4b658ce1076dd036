import { guestName } from "../../errors/guest-name.ts";
import { messagesApp } from "../anthropic/messages-app.ts";
import { authenticated } from "../clients/authenticated.ts";
import { Hono } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import { admitted } from "../middleware/admitted.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import { chatApi } from "./chat/chat-completions.ts";
import { chatHandler } from "./chat-api.ts";
import { failedAnswer } from "./failed-answer.ts";
import { ImageLinks } from "./images/image-links.ts";
import { imageLinksApp } from "./images/images-api.ts";
import { addMediaRoutes } from "./media-apps.ts";
import { addModelRoutes } from "./models.ts";
import { responsesApi } from "./responses/responses.ts";

/** Creates the application of OpenAI's API, for the path `/v1`. */
export function openAiApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError((thrown, c) => failedAnswer(thrown, c, context));
	const links = new ImageLinks(context.now);
	app.route("/", imageLinksApp(context, links));
	// Errors of its own form, also for a wrong key.
	app.route("/", messagesApp(context));
	app.use(authenticated(context), admitted(context));
	addModelRoutes(app);
	addMediaRoutes(app, context, links);
	app.post("/chat/completions", chatHandler(context, chatApi));
	app.post("/responses", chatHandler(context, responsesApi));
	app.all("*", (c) => {
		throw new HttpError(404, "unknown_url", `there is no ${c.req.method} ${guestName(c.req.path)}`);
	});
	return app;
}
