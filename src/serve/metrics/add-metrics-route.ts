import { checkAdminKey } from "../admin/check-admin-key.ts";
import type { Hono } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/** Adds `/metrics`, in the text format of Prometheus. Needs the key of the admin API unless `metrics_public` is set: the names of guests are in it. */
export function addMetricsRoute(app: Hono<ServeEnv>, context: ServeContext): void {
	app.get("/metrics", (c) => {
		if (!context.settings().server.metricsPublic) checkAdminKey(c, context);
		const { metrics } = context.host;
		if (metrics === undefined) throw new HttpError(404, "not_found", "no metrics are recorded; set metrics in [telemetry] of spear.toml");
		return c.body(metrics.prometheus(), 200, { "content-type": metrics.contentType });
	});
}
