import type { Hono } from "../hono.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";

/**
 * Adds `/healthz`, which answers while the process is alive, and `/readyz`, which answers 200 while requests can be served. For that, at least one
 * backend must have its key and not be out of service. Neither answer names a backend, because neither needs a key.
 */
export function addHealthRoutes(app: Hono<ServeEnv>, { host, isDraining }: ServeContext): void {
	app.get("/healthz", (c) => c.json({ status: "alive" }));
	app.get("/readyz", (c) => {
		const reason = isDraining() ? "draining" : host.isReady() ? undefined : "no backend is usable";
		return reason === undefined ? c.json({ status: "ready" }) : c.json({ status: "not ready", reason }, 503);
	});
}
