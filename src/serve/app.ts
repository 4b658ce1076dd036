import { guestName } from "../errors/guest-name.ts";
import { adminApp } from "./admin/admin-app.ts";
import { addAgentRoutes } from "./agents/add-agent-routes.ts";
import { addHealthRoutes } from "./health/add-health-routes.ts";
import { Hono } from "./hono.ts";
import { HttpError } from "./http-error.ts";
import { addMetricsRoute } from "./metrics/add-metrics-route.ts";
import { answerError } from "./middleware/answer-error.ts";
import { checkedHost } from "./middleware/checked-host.ts";
import { checkedOrigin } from "./middleware/checked-origin.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { observed } from "./middleware/observed.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { openAiApp } from "./openai/openai-app.ts";
import { addPageRoutes } from "./page/add-page-routes.ts";
import { addRunRoutes } from "./runs/add-run-routes.ts";
import type { ServeContext, ServeEnv } from "./serve-context.ts";

/** Creates the application: what each request passes, and then the routes. */
export function createApp(context: ServeContext): Hono<ServeEnv> {
	const app = new Hono<ServeEnv>();
	app.onError(answerError(context));
	app.notFound((c) => {
		throw new HttpError(404, "not_found", `there is no ${c.req.method} ${guestName(c.req.path)}`);
	});
	app.use(observed(context), securityHeaders, checkedHost(context), checkedOrigin(context), crossOrigin(context));
	addHealthRoutes(app, context);
	addMetricsRoute(app, context);
	addPageRoutes(app, context);
	app.route("/admin/v1", adminApp(context));
	app.route("/v1", openAiApp(context));
	addAgentRoutes(app, context);
	addRunRoutes(app, context);
	return app;
}
