import type { MiddlewareHandler } from "../hono.ts";
import type { ServeEnv } from "../serve-context.ts";

/** Headers of every answer. No page of another origin may read, frame or guess the type of one. */
const ENTRIES = Object.entries({
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"cross-origin-resource-policy": "same-origin",
});

export const securityHeaders: MiddlewareHandler<ServeEnv> = async (c, next) => {
	const { outgoing } = c.env;
	if (outgoing === undefined) {
		await next();
		for (const [name, value] of ENTRIES) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
		return;
	}
	// The header of an answer takes the place of one that Node's response has already. Headers of the answer itself would be built for this alone.
	for (const [name, value] of ENTRIES) outgoing.setHeader(name, value);
	await next();
};
